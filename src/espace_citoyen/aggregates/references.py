"""References that people can say on the telephone (S46): `7K3F-9QX2`, seven random characters and a check."""

import re
import secrets

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""31 characters, a prime number of them: no 0, O, I, L nor U, which are misheard or misread."""

_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212-]")
_MISREAD = str.maketrans({"I": "1", "L": "1"})
_LENGTH = 7


def new_reference() -> str:
    """Draw a reference at random; being unique is for the claim to guarantee."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return _shown(drawn + check_character(drawn))


def check_character(drawn: str) -> str:
    """Weigh each character by its place, modulo 31: any one wrong or two swapped neighbours are noticed."""
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(drawn, start=2))
    return ALPHABET[total % len(ALPHABET)]


def parse_reference(typed: str) -> str | None:
    """Return the reference as we show it, however it was typed, or None when it cannot be one."""
    kept = _SEPARATORS.sub("", typed.upper()).translate(_MISREAD)
    if len(kept) != _LENGTH + 1 or any(character not in ALPHABET for character in kept):
        return None
    return _shown(kept) if check_character(kept[:-1]) == kept[-1] else None


def _shown(kept: str) -> str:
    return f"{kept[:4]}-{kept[4:]}"
