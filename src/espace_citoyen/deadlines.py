"""Legal dates, pure: they take days and rules and return days, always counted in Europe/Paris."""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

SILENCE_MONTHS = 2
"""After how many months the silence of the administration decides, unless a text says otherwise (CRPA L231-1)."""


def paris_day(at: datetime) -> date:
    """Return the day on which an aware time falls in Paris: the day the law counts from."""
    if at.tzinfo is None:
        raise ValueError("an aware time is needed to know its day in Paris")
    return at.astimezone(PARIS).date()


def months_later(day: date, months: int) -> date:
    """Return the day of the same number `months` later, or the last of its month when there is none.

    A period of months ends on the day that bears the number of the day it started (code de procédure civile,
    art. 641); 31 December plus two months is therefore 28 or 29 February.
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def silence_decides_on(received_on: date, months: int = SILENCE_MONTHS) -> date:
    """Return the day at whose end silence becomes a decision (CRPA L231-1); week-ends do not move it."""
    return months_later(received_on, months)
