"""What people type, judged alone: a day, an e-mail address, a telephone number, a single line."""

import re
from datetime import date

_EMAIL = re.compile(r"""[^@\s,;:<>()"\[\]\\]+@[^@\s,;:<>()"\[\]\\]+\.[^@\s,;:<>()"\[\]\\]+""")
_TELEPHONE = re.compile(r"\+?[\d\s.()/-]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

_ADDRESS = re.compile(r"[/@\\]|\w\w\.\w\w")

UNWRITABLE = "Ce texte contient un caractère illisible\N{NO-BREAK SPACE}: effacez-le et recommencez."
"""What is said of a text that is not `is_writable`."""

NOT_AN_EMAIL = "Écrivez une adresse électronique complète, comme nom@exemple.fr."
"""What is said of a text that is not `is_email`."""

NOT_A_NAME = "Écrivez un nom sur une seule ligne, sans adresse de site ni de courriel."
"""What is said of a text that is not `is_name`."""

EMAIL_LIMIT = 254
"""Longest e-mail address, in characters (RFC 5321, 4.5.3.1.3)."""


def is_day(text: str) -> bool:
    """Tell whether a text is a day that exists, written `2026-11-23`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_email(text: str) -> bool:
    """Tell whether a text can be the address of one mailbox; whether it exists, only a message can tell."""
    return len(text) <= EMAIL_LIMIT and _EMAIL.fullmatch(text) is not None


def is_telephone(text: str) -> bool:
    """Tell whether a text has the digits of a telephone number (4 to 15, as in E.164) and nothing but."""
    digits = sum(character.isdecimal() for character in text)
    return 4 <= digits <= 15 and _TELEPHONE.fullmatch(text) is not None


def is_one_line(text: str) -> bool:
    """Tell whether a text holds no line break nor other control character."""
    return _CONTROL.search(text) is None


def is_name(text: str) -> bool:
    """Tell whether a text can be somebody's name: one line, and nothing that mail programs make a link of.

    Our mails greet people by the name they typed, at the address they typed, which may be anybody's.
    """
    return is_one_line(text) and _ADDRESS.search(text) is None


def is_writable(text: str) -> bool:
    """Tell whether a text can be kept: half characters and NUL cannot, neither as UTF-8 nor in PostgreSQL."""
    return _UNWRITABLE.search(text) is None
