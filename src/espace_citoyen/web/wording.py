"""What the screens say for a code, an answer or a duration."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from markupsafe import Markup

from espace_citoyen import dates, labels
from espace_citoyen.aggregates.procedures import Answer, FormField, ProcedureVersion

TONES: Mapping[str, str] = {
    "submitted": "waiting",
    "under_review": "waiting",
    "correction_requested": "action",
    "accepted": "good",
    "refused": "bad",
}
CONTACTS: Mapping[str, str] = {
    "email": "Courriel",
    "telephone": "Téléphone",
    "sms": "SMS",
    "post": "Courrier postal",
}
"""The preferred means of contact (S02)."""
MEDIA: Mapping[str, str] = {"application/pdf": "PDF", "image/jpeg": "image JPEG", "image/png": "image PNG"}
_NBSP = "\N{NO-BREAK SPACE}"


def status_word(status: str) -> str:
    """The state of a request, in its word."""
    return labels.STATUS[status]


def status_tone(status: str) -> str:
    """The colour of that word, which says nothing that the word does not."""
    return TONES.get(status, "neutral")


def contact_word(code: str | None) -> str:
    """A means of contact, in its word."""
    return CONTACTS.get(code or "", "")


def actor_word(kind: str) -> str:
    """Which side of the counter somebody stands on."""
    return labels.ACTOR_KIND[kind]


def channel_word(channel: str) -> str:
    """How an act reached the town hall."""
    return labels.CHANNEL[channel]


def kind_word(kind: str) -> str:
    """One of the four kinds of history."""
    return labels.KIND[kind]


def flaw_word(flaw: str) -> str:
    """What is wrong with a seal."""
    return labels.FLAW[flaw]


def audience_words(audience: Sequence[str]) -> str:
    """Who may read an event."""
    return ", ".join(labels.AUDIENCE[each] for each in labels.AUDIENCE if each in audience)


def grouped(number: int) -> str:
    """« 10 000 »: thousands set apart."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def count(number: int, singular: str, plural: str) -> str:
    """« 1 message », « 3 messages »; zero is singular in French."""
    return f"{grouped(number)}{_NBSP}{singular if number < 2 else plural}"


def weight(size: int) -> str:
    """« 1,2 Mo », « 340 ko »: the length of a file given in bytes, as people say it."""
    if size < 1024:
        return count(size, "octet", "octets")
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{_NBSP}ko"
    return f"{math.ceil(size / 1024 / 102.4) / 10:.1f}".removesuffix(".0").replace(".", ",") + f"{_NBSP}Mo"


def media_word(media_type: str) -> str:
    """« PDF », « image JPEG »: what a file is."""
    return MEDIA.get(media_type, "fichier")


def age(since: datetime, now: datetime) -> str:
    """« aujourd’hui », « hier », « 12 jours »: days of the calendar in Paris."""
    days = (now.astimezone(dates.PARIS).date() - since.astimezone(dates.PARIS).date()).days
    if days < 2:
        return "hier" if days == 1 else "aujourd’hui"
    return f"{days}{_NBSP}jours"


def lasting(starts_at: datetime, ends_at: datetime) -> str:
    """« 30 minutes », « 2 h », « 2 h 30 »: real minutes, whatever the clocks do meanwhile."""
    minutes = int((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).total_seconds()) // 60
    if minutes < 120:
        return count(minutes, "minute", "minutes")
    rest = f"{_NBSP}{minutes % 60:02}" if minutes % 60 else ""
    return f"{minutes // 60}{_NBSP}h{rest}"


def season(instant: datetime) -> str:
    """Which of two hours is meant on the night when the clocks go back, nothing on any other."""
    local = instant.astimezone(dates.PARIS)
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return ""
    return " (heure d’été)" if local.dst() else " (heure d’hiver)"


def answered(version: ProcedureVersion, answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """Every question of a form with its answer in words, empty when there is none."""
    return [(question.label, _answer(question, answers.get(question.name))) for question in version.fields]


def changed(
    version: ProcedureVersion, before: Mapping[str, Answer], after: Mapping[str, Answer]
) -> list[tuple[str, str, str]]:
    """The questions whose answer is another than before, with both answers in words."""
    pairs = zip(answered(version, before), answered(version, after), strict=True)
    return [(label, old, new) for (label, old), (_, new) in pairs if old != new]


def _answer(question: FormField, answer: Answer) -> str:
    if question.kind == "box":
        return "Oui" if answer else "Non"
    if answer is None or answer == "":
        return ""
    if question.kind == "date":
        return dates.day(date.fromisoformat(str(answer)))
    return str(answer)


def day_element(value: date) -> Markup:
    """A day as a page writes it, with its ISO 8601 for programs: made of digits and our own months."""
    return Markup(f'<time datetime="{dates.machine(value)}">{dates.day(value)}</time>')  # noqa: S704 - nothing typed


def status_element(status: str) -> Markup:
    """The state of a request as a page writes it: its word, in its colour."""
    return Markup(f'<strong class="status status--{status_tone(status)}">{status_word(status)}</strong>')  # noqa: S704 - our own words


FILTERS = {
    "actor_word": actor_word,
    "audience_words": audience_words,
    "channel_word": channel_word,
    "flaw_word": flaw_word,
    "kind_word": kind_word,
    "status_word": status_word,
    "status_tone": status_tone,
    "status_element": status_element,
    "day_element": day_element,
    "contact_word": contact_word,
    "count_of": count,
    "season": season,
    "media_word": media_word,
    "weight": weight,
}
