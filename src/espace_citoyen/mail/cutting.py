"""Tells what somebody wrote from what their mail program quoted and signed for them."""

import re

from espace_citoyen.mail.writing import MARKER

_WORDS = re.compile(r"\W+".join(re.findall(r"\w+", MARKER)), re.IGNORECASE)
"""The words of the marker, whatever quotation marks, dashes and line breaks a mail program put between them."""
_ATTRIBUTION = re.compile(
    r"(?:^|\n)[> \t]*(?:Le|On)\b[^\n]{0,200}(?:\n[^\n]{1,200}){0,2}?(?:a écrit|wrote)\s*:\s*\Z", re.IGNORECASE
)
_HEADING = re.compile(
    r"[> \t]*\W*(?:De|From|Envoyé|Sent|Date|À|A|To|Cc|Objet|Subject|Répondre à|Reply-To)\W*\s?:.*", re.IGNORECASE
)
_RULE = re.compile(
    r"[> \t]*[-_]{5,}.*|[> \t]*-{2,}\s*(?:Message d.origine|Original Message)\s*-{2,}.*", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_DEVICE = re.compile(r"(?:Envoyé (?:de|depuis|à partir)|Sent from|Télécharger|Get) \S.{0,60}", re.IGNORECASE)


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
    headings = 0
    while lines and (_HEADING.fullmatch(lines[-1]) or (headings and not lines[-1].strip())):
        headings += 1
        lines.pop()
    if lines and _RULE.fullmatch(lines[-1]):
        lines.pop()
    return _bare_end("\n".join(lines))


def _bare_end(text: str) -> str:
    """Drop the marks of quotation and dashes that stood before the marker on its line, and blank lines."""
    return re.sub(r"[\s>|*—–-]+\Z", "", text)


def _without_signature(text: str) -> str:
    found = _SIGNATURE.search(text)
    kept = text[: found.start()] if found else text
    lines = kept.rstrip().splitlines()
    if lines and _DEVICE.fullmatch(lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip()
