"""Dates and durations in French, in the time of Paris."""

from datetime import UTC, date, datetime

import pytest

from espace_citoyen import dates


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), "lundi 23 novembre 2026 à 14 h 30"),
        (datetime(2026, 7, 1, 7, 0, tzinfo=UTC), "mercredi 1er juillet 2026 à 9 h"),
        (datetime(2026, 12, 31, 23, 5, tzinfo=UTC), "vendredi 1er janvier 2027 à 0 h 05"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "dimanche 25 octobre 2026 à 2 h 30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "dimanche 25 octobre 2026 à 2 h 30"),
    ],
)
def test_an_instant_is_said_in_the_time_of_paris(utc: datetime, said: str) -> None:
    assert plain(dates.moment(utc)) == said


def test_a_day_is_said_as_it_is() -> None:
    assert plain(dates.weekday(date(2026, 11, 23))) == "lundi 23 novembre 2026"
    assert plain(dates.day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))) == "24 novembre 2026"


def test_a_date_does_not_break_between_its_number_and_its_month() -> None:
    assert " " not in dates.day(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "une minute"),
        (60, "une minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
        (7200, "2 heures"),
        (7201, "3 heures"),
    ],
)
def test_a_delay_never_promises_too_early(seconds: float, said: str) -> None:
    assert plain(dates.delay(seconds)) == said


def test_machines_read_iso_8601() -> None:
    assert dates.machine(datetime(2026, 11, 23, 13, 30, tzinfo=UTC)) == "2026-11-23T13:30:00Z"
    assert dates.machine(date(2026, 11, 23)) == "2026-11-23"
