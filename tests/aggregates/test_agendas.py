"""What an agenda offers on every day of the year, and that a place is one request's at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_citoyen.aggregates.appointments import Agenda, Opening, Receives, Slot, Step
from espace_citoyen.aggregates.refusals import AlreadyTaken, Invalid
from espace_citoyen.deadlines import PARIS
from espace_citoyen.demo.cast import CIVIL
from people import ALEX, CAMILLE, DEPARTMENT_IDS, DOMINIQUE, MONDAY
from scenario import Scenario

AGENDA, REQUEST, OTHER_REQUEST = UUID(int=6001), UUID(int=1001), UUID(int=1002)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""The Sundays of 2026 on which the clocks of Paris change."""
MORNING = Opening(weekday=0, opens=time(9), closes=time(12))
RECEIVES = Receives(place="Hôtel de ville", step_minutes=30, desks=2, openings=(MORNING,))
STEP = Step(
    desk=1, starts_at=datetime(2026, 3, 9, 9, tzinfo=PARIS), ends_at=datetime(2026, 3, 9, 9, 30, tzinfo=PARIS)
)


def opened(receives: Receives = RECEIVES, name: str = "Guichet") -> Callable[[], Agenda]:
    return lambda: Agenda.open(
        id=AGENDA, at=MONDAY, actor=ALEX, name=name, department_id=DEPARTMENT_IDS[CIVIL], receives=receives
    )


def slot() -> Slot:
    return Slot.open(id=UUID(int=1), at=MONDAY, actor=CAMILLE, agenda_id=AGENDA, step=STEP)


def booked(request_id: UUID = REQUEST) -> Callable[[Slot], None]:
    return lambda slot: slot.book(at=MONDAY, actor=CAMILLE, request_id=request_id)


def freed(request_id: UUID = REQUEST) -> Callable[[Slot], None]:
    return lambda slot: slot.free(at=MONDAY, actor=CAMILLE, request_id=request_id)


# Agendas


def test_an_agenda_is_opened_for_a_department() -> None:
    Scenario(Agenda).when(opened()).then(
        Agenda.Opened,
        name="Guichet",
        step_minutes=30,
        desks=2,
        openings=[{"weekday": 0, "opens": "09:00", "closes": "12:00"}],
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"step_minutes": 4}, {"step_minutes": "Un rendez-vous dure de 5 minutes à 8 heures."}),
        ({"step_minutes": 481}, {"step_minutes": "Un rendez-vous dure de 5 minutes à 8 heures."}),
        ({"desks": 0}, {"desks": "Il faut au moins un guichet."}),
        (
            {"openings": ()},
            {"openings": "Donnez des heures d’ouverture, chacune avec une fin après son début."},
        ),
        (
            {"openings": (Opening(weekday=0, opens=time(12), closes=time(9)),)},
            {"openings": "Donnez des heures d’ouverture, chacune avec une fin après son début."},
        ),
    ],
)
def test_an_agenda_that_receives_nobody_is_refused(changes: dict[str, object], wrong: dict[str, str]) -> None:
    receives = replace(RECEIVES, **changes)  # type: ignore[arg-type]  # the fields of it, by name
    Scenario(Agenda).when(opened(receives)).then_refused(Invalid, **wrong)


def test_an_agenda_needs_a_name() -> None:
    Scenario(Agenda).when(opened(name=" ")).then_refused(Invalid, name="Donnez un nom à l’agenda.")


def test_a_morning_offers_each_step_at_each_desk_and_no_step_that_ends_after_closing() -> None:
    agenda = opened(replace(RECEIVES, step_minutes=50))()
    offered = list(agenda.steps(date(2026, 3, 9), date(2026, 3, 15)))
    assert [(step.starts_at.strftime("%a %H:%M"), step.desk) for step in offered] == [
        (f"Mon {hour}", desk) for hour in ("09:00", "09:50", "10:40") for desk in (1, 2)
    ]
    assert agenda.offers(datetime(2026, 3, 9, 8, 50, tzinfo=UTC))
    assert not agenda.offers(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@given(
    day=st.one_of(
        st.dates(date(2024, 1, 1), date(2030, 12, 31)),
        st.sampled_from([SPRING, AUTUMN, date(2027, 3, 28), date(2027, 10, 31)]),
    ),
    opens=st.times(),
    closes=st.times(),
    minutes=st.integers(5, 480),
    desks=st.integers(1, 3),
)
def test_on_every_day_of_any_year_steps_are_whole_apart_and_within_opening_hours(
    day: date, opens: time, closes: time, minutes: int, desks: int
) -> None:
    opens, closes = sorted((opens.replace(fold=0), closes.replace(fold=0)))
    if opens == closes:
        return
    receives = Receives(
        place="",
        step_minutes=minutes,
        desks=desks,
        openings=(Opening(weekday=day.weekday(), opens=in_minutes(opens), closes=in_minutes(closes)),),
    )
    if receives.openings[0].opens >= receives.openings[0].closes:
        return
    agenda = opened(receives)()
    steps = list(agenda.steps(day, day))
    begins = datetime.combine(day, receives.openings[0].opens, PARIS).astimezone(UTC)
    ends = datetime.combine(day, receives.openings[0].closes, PARIS).astimezone(UTC)
    length = timedelta(minutes=minutes)
    starts = sorted({step.starts_at.astimezone(UTC) for step in steps})
    for step in steps:
        assert step.ends_at.astimezone(UTC) - step.starts_at.astimezone(UTC) == length
        assert begins <= step.starts_at.astimezone(UTC) < step.ends_at.astimezone(UTC) <= ends
        assert agenda.offers(step.starts_at)
    assert len(steps) == len(starts) * desks
    assert len({agenda.slot_id(step.desk, step.starts_at) for step in steps}) == len(steps)
    assert all(second - first == length for first, second in pairwise(starts))
    assert len(starts) == max(0, (ends - begins) // length)


def in_minutes(value: time) -> time:
    """What an opening can say: it has no seconds."""
    return value.replace(second=0, microsecond=0)


def all_night(day: date) -> list[str]:
    night = Opening(weekday=6, opens=time(0), closes=time(6))
    agenda = opened(Receives(place="", step_minutes=60, desks=1, openings=(night,)))()
    return [f"{step.starts_at:%H:%M%z}" for step in agenda.steps(day, day)]


def test_the_hour_that_is_not_there_in_march_is_not_offered() -> None:
    assert all_night(SPRING) == ["00:00+0100", "01:00+0100", "03:00+0200", "04:00+0200", "05:00+0200"]


def test_the_hour_that_comes_twice_in_october_is_two_places() -> None:
    assert all_night(AUTUMN) == [
        "00:00+0200",
        "01:00+0200",
        "02:00+0200",
        "02:00+0100",
        "03:00+0100",
        "04:00+0100",
        "05:00+0100",
    ]


# Slots


def test_who_takes_a_place_first_has_it() -> None:
    Scenario(Slot).given(slot).when(booked()).then(Slot.Booked, request_id=REQUEST, agenda_id=AGENDA)
    Scenario(Slot).given(slot, booked()).when(booked()).then_nothing()
    Scenario(Slot).given(slot, booked()).when(booked(OTHER_REQUEST)).then_refused(AlreadyTaken)


def test_a_place_given_back_can_be_had_again() -> None:
    Scenario(Slot).given(slot, booked()).when(freed()).then(Slot.Freed, request_id=REQUEST)
    Scenario(Slot).given(slot, booked(), freed()).when(booked(OTHER_REQUEST)).then(Slot.Booked)


def test_what_one_does_not_have_one_does_not_give_back() -> None:
    Scenario(Slot).given(slot).when(freed()).then_nothing()
    Scenario(Slot).given(slot, booked(OTHER_REQUEST)).when(freed()).then_nothing()


def test_a_place_never_names_a_citizen_and_says_which_agent_gave_it() -> None:
    Scenario(Slot).given(slot).when(booked()).then(Slot.Booked, actor_id=None, actor_name="", actor_kind="citizen")
    Scenario(Slot).given(slot).when(lambda place: place.book(at=MONDAY, actor=DOMINIQUE, request_id=REQUEST)).then(
        Slot.Booked, actor_name="Dominique Morel"
    )


def test_a_place_booked_at_the_counter_names_who_booked_it_but_not_for_whom() -> None:
    at_the_counter = replace(DOMINIQUE, on_behalf_of="Camille Rousseau")
    place = slot()
    place.book(at=MONDAY, actor=at_the_counter, request_id=REQUEST)
    recorded = place.collect_events()[-1]
    assert (recorded.actor_name, recorded.on_behalf_of) == (DOMINIQUE.name, None)
