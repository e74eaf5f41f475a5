"""Tells what somebody wrote from what their mail program quoted and signed for them."""

import re

from espace_citoyen.mail.writing import MARKER

_WORDS = re.compile(r"\W+".join(re.findall(r"\w+", MARKER)), re.IGNORECASE)
"""The words of the marker, whatever quotation marks, dashes and line breaks a mail program put between them."""
_ATTRIBUTION = re.compile(
    r"\n[> \t]*(?:Le|On)\b(?:(?!a écrit|wrote|\n\n)[\s\S]){0,300}(?:a écrit|wrote)\s*:\s*\Z", re.IGNORECASE
)
_HEADING = re.compile(
    r"\W*(?:De|From|Envoyé|Sent|Date|À|A|To|Cc|Objet|Subject|Répondre à|Reply-To)\W*:.*", re.IGNORECASE
)
_RULE = re.compile(
    r"[> \t]*[-_]{5,}.*|[> \t]*-{2,}\s*(?:Message d.origine|Original Message)\s*-{2,}.*", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_DEVICE = re.compile(r"\n\s*\n(?:Envoyé (?:de mon|depuis|à partir d)|Sent from) ?\S.{0,60}\Z", re.IGNORECASE)
_END = 600
"""How far from its end a text is searched for what ends it: the time it takes must not grow with its square."""
FEWEST_HEADINGS = 3
"""As many lines « De : … », « Objet : … » announce a quotation; fewer may be somebody's own words."""


def without_quotation(text: str) -> str:
    """Return what stands above our marker, without the line that announces a quotation and the signature.

    A text without marker is kept whole: better a mail quoted than a word lost.
    """
    found = _WORDS.search(text)
    if found is None:
        return text.strip()
    above = _without_announcement(text[: found.start()])
    return _without_signature(above)


def _without_announcement(text: str) -> str:
    """Drop « Le …, la mairie a écrit : », or the four lines of Outlook, at the end of a text."""
    kept = _bare_end(text)
    kept = _without_end(_ATTRIBUTION, kept)
    lines = kept.splitlines()
    own = len(lines)
    while own and (_HEADING.fullmatch(lines[own - 1]) or not lines[own - 1].strip()):
        own -= 1
    if len([line for line in lines[own:] if line.strip()]) >= FEWEST_HEADINGS:
        lines = lines[:own]
    if lines and _RULE.fullmatch(lines[-1]):
        lines.pop()
    return _bare_end("\n".join(lines))


def _bare_end(text: str) -> str:
    """Drop the marks of quotation and dashes that stood before the marker on its line, and blank lines."""
    end = len(text)
    while end and (text[end - 1].isspace() or text[end - 1] in ">|*—–-"):
        end -= 1
    return text[:end]


def _without_signature(text: str) -> str:
    found = _SIGNATURE.search(text)
    kept = text[: found.start()] if found else text
    return _without_end(_DEVICE, kept.strip()).strip()


def _without_end(ending: re.Pattern[str], text: str) -> str:
    """Drop what ends a text, if it is an ending that begins with line breaks; a text may begin with it too."""
    lines = "\n\n" + text
    at = max(0, len(lines) - _END)
    found = ending.search(lines, at)
    return lines[: found.start()].removeprefix("\n\n") if found else text
