"""Tells what somebody wrote from what their mail program quoted and signed for them."""

import re

from espace_citoyen.mail.writing import MARKER

_WORDS = re.compile(r"\W+".join(re.findall(r"\w+", MARKER)), re.IGNORECASE)
"""The words of the marker, whatever quotation marks, dashes and line breaks a mail program put between them."""
_ATTRIBUTION = re.compile(
    r"(?:^|\n)[> \t]*(?:Le|On)\b(?:(?!a écrit|wrote|\n\n)[\s\S]){0,300}(?:a écrit|wrote)\s*:\s*\Z", re.IGNORECASE
)
_HEADING = re.compile(
    r"[> \t]*\W*(?:De|From|Envoyé|Sent|Date|À|A|To|Cc|Objet|Subject|Répondre à|Reply-To)\W*\s?:.*", re.IGNORECASE
)
_RULE = re.compile(
    r"[> \t]*[-_]{5,}.*|[> \t]*-{2,}\s*(?:Message d.origine|Original Message)\s*-{2,}.*", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_DEVICE = re.compile(
    r"(?:\A|\n\s*\n)(?:Envoyé (?:de mon|depuis|à partir d)|Sent from) ?\S.{0,60}\Z", re.IGNORECASE
)
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
    kept = _ATTRIBUTION.sub("", kept)
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
    return re.sub(r"[\s>|*—–-]+\Z", "", text)


def _without_signature(text: str) -> str:
    found = _SIGNATURE.search(text)
    kept = text[: found.start()] if found else text
    return _DEVICE.sub("", kept.strip()).strip()
