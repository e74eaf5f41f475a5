"""Dates and durations as a French reader expects them, in the time of Paris."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_NBSP = "\N{NO-BREAK SPACE}"


def day(value: date) -> str:
    """« 23 novembre 2026 », « 1er décembre 2026 »; an instant is taken as its day in Paris."""
    on = _in_paris(value)
    number = "1er" if on.day == 1 else str(on.day)
    return f"{number}{_NBSP}{MONTHS[on.month - 1]}{_NBSP}{on.year}"


def weekday(value: date) -> str:
    """« lundi 23 novembre 2026 »."""
    return f"{WEEKDAYS[_in_paris(value).weekday()]} {day(value)}"


def hour(value: datetime) -> str:
    """« 14 h 30 », « 9 h »."""
    local = value.astimezone(PARIS)
    minutes = f"{_NBSP}{local.minute:02}" if local.minute else ""
    return f"{local.hour}{_NBSP}h{minutes}"


def moment(value: datetime) -> str:
    """« lundi 23 novembre 2026 à 14 h 30 »."""
    return f"{weekday(value)} à {hour(value)}"


def instant(value: datetime) -> str:
    """« lundi 2 mars 2026 à 10 h 00 », « … à 10 h 00 min 03 s »; of the last instant of a day, the day itself."""
    local = value.astimezone(PARIS)
    if local.time() == time.max:
        return f"{weekday(local)} en fin de journée"
    seconds = f"{_NBSP}min{_NBSP}{local.second:02}{_NBSP}s" if local.second or local.microsecond else ""
    return f"{weekday(local)} à {local.hour}{_NBSP}h{_NBSP}{local.minute:02}{seconds}"


def machine(value: date) -> str:
    """The same in ISO 8601, for the `datetime` attribute of a <time> element."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def delay(seconds: float) -> str:
    """« une minute », « 14 minutes », « 2 heures »: rounded up, never promising too early."""
    minutes = int(-(-seconds // 60))
    if minutes <= 1:
        return "une minute"
    if minutes < 120:
        return f"{minutes}{_NBSP}minutes"
    return f"{-(-minutes // 60)}{_NBSP}heures"


def as_of(text: str) -> datetime:
    """Return the instant up to which a thing is asked for: the last one of a date, or that very one of a time.

    ISO 8601, in Paris unless an offset is given; an hour that comes twice is the second. Raises ValueError.
    """
    try:
        said = datetime.combine(date.fromisoformat(text), time.max)
    except ValueError:
        said = datetime.fromisoformat(text)
    if said.tzinfo is None:
        said = max((said.replace(tzinfo=PARIS, fold=fold) for fold in (0, 1)), key=datetime.timestamp)
    try:
        return said.astimezone(PARIS).astimezone(UTC)  # what no page could say in the time of Paris is none
    except OverflowError:
        raise ValueError(f"{text} is out of all calendars") from None


def _in_paris(value: date) -> date:
    return value.astimezone(PARIS).date() if isinstance(value, datetime) else value
