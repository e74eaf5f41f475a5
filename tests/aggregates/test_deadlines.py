"""Legal dates: two months to a real day, whatever the calendar and the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_citoyen.deadlines import PARIS, months_later, paris_day, silence_decides_on

DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("received", "decided"),
    [
        (date(2026, 3, 2), date(2026, 5, 2)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
        (date(2099, 12, 31), date(2100, 2, 28)),
        (date(2028, 2, 29), date(2028, 4, 29)),
        (date(2026, 6, 30), date(2026, 8, 30)),
        (date(2026, 7, 31), date(2026, 9, 30)),
        (date(2026, 11, 15), date(2027, 1, 15)),
    ],
)
def test_silence_decides_two_months_later_to_the_day_or_on_the_last_of_the_month(
    received: date, decided: date
) -> None:
    assert silence_decides_on(received) == decided


def test_a_saturday_or_a_holiday_does_not_move_the_day_on_which_silence_decides() -> None:
    assert silence_decides_on(date(2026, 3, 25)) == date(2026, 5, 25)  # Whit Monday
    assert silence_decides_on(date(2026, 5, 11)).weekday() == 5


def test_a_text_may_give_the_administration_another_number_of_months() -> None:
    assert silence_decides_on(date(2026, 10, 31), months=4) == date(2027, 2, 28)
    assert silence_decides_on(date(2026, 10, 31), months=12) == date(2027, 10, 31)


@given(DAYS, st.integers(0, 60))
def test_months_later_is_that_many_months_later_never_on_a_later_number_of_day(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, DAYS)
def test_who_files_first_is_never_decided_after_who_files_later(one: date, other: date) -> None:
    first, second = sorted([one, other])
    assert silence_decides_on(first) <= silence_decides_on(second)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 7, 14, 21, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 22, 0, 0, tzinfo=UTC), date(2026, 7, 15)),
    ],
)
def test_what_arrives_around_midnight_is_received_on_the_day_it_is_in_paris(at: datetime, day: date) -> None:
    assert paris_day(at) == day


def test_the_hour_that_comes_twice_and_the_one_that_never_comes_keep_their_day() -> None:
    assert paris_day(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == date(2026, 10, 25)
    assert paris_day(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == date(2026, 10, 25)
    before_the_leap = datetime(2026, 3, 29, 0, 59, tzinfo=UTC).astimezone(PARIS)
    assert (before_the_leap.hour, paris_day(before_the_leap)) == (1, date(2026, 3, 29))
    last_minute = datetime(2026, 3, 29, 21, 59, tzinfo=UTC)
    assert (paris_day(last_minute), paris_day(last_minute + timedelta(minutes=1))) == (
        date(2026, 3, 29),
        date(2026, 3, 30),
    )


def test_a_time_without_a_zone_has_no_day_in_paris() -> None:
    with pytest.raises(ValueError, match="aware"):
        paris_day(datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 - the very thing refused
