"""A random walk: whatever several people do to several requests, in whatever order, what must hold holds."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind, Channel
from espace_citoyen.aggregates.appointments import Slot
from espace_citoyen.aggregates.events import Aggregate
from espace_citoyen.aggregates.refusals import Refusal
from espace_citoyen.aggregates.requests import (
    AttachedFile,
    AttachmentContent,
    Correction,
    Decision,
    Side,
    Status,
)
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Filing, Message
from espace_citoyen.deadlines import PARIS
from espace_citoyen.projections import home, model, tabs
from espace_citoyen.store.log import RecordedEvent
from people import CAMILLE, CAMILLE_PERSON, MONDAY, NADIA, NADIA_PERSON, Town

EXAMPLES, STEPS = 200, 50
SECRET = "Que pour nous"
"""What only the services may read begins with it."""
FOR_THE_TOWN_ALONE = {"request:note-added", "request:erased"}
VERBS = {
    "add_attachment", "add_note", "archive_request", "assign", "book_appointment", "cancel_appointment",
    "cancel_request", "decide", "link_to_account", "move_appointment", "pass_on", "read_exchange",
    "remove_attachment", "reopen", "replace_attachment", "request_correction", "send_back", "send_exchange",
    "settle_by_silence", "take_up",
}  # fmt: skip

which = st.integers(0, 2)
"""Which request; or which of a few ids, so that many gestures are repeats or clash."""
several = st.integers(0, 11)
seen = st.sampled_from([None, None, None, 1, 10_000])
outcomes = st.sampled_from([Status.ACCEPTED, Status.REFUSED, Status.CLOSED, Status.CANCELLED])
text = st.sampled_from(["Bonjour", "Encore", " "])
title = st.sampled_from(["Recto", "Verso", "Acte", "Bail", " "])
citizens = st.sampled_from(["camille", "camille", "nadia", "holder", "dominique"])
agents = st.sampled_from(["dominique", "dominique", "maud", "samir", "camille"])
managers = st.sampled_from(["maud", "maud", "samir", "dominique"])
anybody = st.sampled_from(["camille", "nadia", "holder", "dominique", "maud", "samir", "counter", "system"])


GESTURES: list[st.SearchStrategy[tuple[str, dict[str, Any]]]] = []
"""What may be done next: the name of a method of the walk, and what it is given."""


def gesture(**given: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """One of the gestures; not a rule of its own, since hypothesis leaves rules out of most walks."""

    def note(deed: Callable[..., None]) -> Callable[..., None]:
        GESTURES.append(st.tuples(st.just(deed.__name__), st.fixed_dictionaries(given)))
        return deed

    return note


class Remembering(Portal):
    """A portal that keeps in memory what was last recorded, to compare it with what the log says."""

    name = "Portal"
    recorded: tuple[Aggregate, ...] = ()

    def record(self, *recorded: Aggregate, **more: Any) -> int:
        position = super().record(*recorded, **more)
        self.recorded = recorded
        return position


class Walk(RuleBasedStateMachine):
    """Three requests, of Camille, of Nadia, and of somebody without account; a week of its own for each walk."""

    town: Town
    portal: Remembering
    weeks: Iterator[int]
    done: Counter[str]
    refused: Counter[str]
    news: Sequence[int] = ()

    @initialize()
    def file(self) -> None:
        self.now = MONDAY + timedelta(weeks=next(self.weeks))
        self.people = {
            "camille": replace(CAMILLE, id=uuid4()),
            "nadia": replace(NADIA, id=uuid4()),
            "dominique": self.town.dominique,
            "maud": self.town.maud,
            "samir": self.town.samir,
            "counter": replace(self.town.dominique, channel=Channel.COUNTER, on_behalf_of="Camille Rousseau"),
            "system": SYSTEM,
        }
        self.ids = [uuid4(), uuid4(), uuid4()]
        holder = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=self.ids[2], name="Nadia Benali")
        self.people["holder"] = holder
        filed = ((self.people["camille"], self.town.passport), (self.people["nadia"], self.town.passport))
        for request_id, (who, procedure) in zip(
            self.ids, (*filed, (holder, self.town.identity_card)), strict=True
        ):
            person = CAMILLE_PERSON if who is self.people["camille"] else NADIA_PERSON
            filing = Filing(request_id, procedure, 1, person, {"nom": "Rousseau"})
            requests.deposit_request(self.portal, at=self.now, actor=who, filing=filing)
        self.streams = [self.portal.stream(request_id) for request_id in self.ids]
        self.whole = [tabs.state(events) for events in self.streams]
        self.position, self.news = self.portal.position(), [0, 1, 2]

    def does(self, verb: Callable[..., int], who: str | None, request: int, **given: Any) -> None:
        """Somebody does something; refused, nothing was recorded, else the log says what was decided."""
        actor = {} if who is None else {"actor": self.people[who]}
        before, refusal = self.position, None
        try:
            verb(self.portal, at=self.now, request_id=self.ids[request], **actor, **given)
        except Refusal as said:
            refusal = said
        self.position = self.portal.position()
        recorded = self.position > before
        assert not (refusal and recorded), f"{verb.__name__} was refused ({refusal!r}) and recorded"
        (self.refused if refusal else self.done)[verb.__name__] += bool(refusal) or recorded
        if recorded:
            self.look(request)

    def look(self, request: int) -> None:
        """Compare what was decided in memory with what the log says, and read the request again."""
        for aggregate in self.portal.recorded:
            assert self.portal.get(type(aggregate), aggregate.id) == aggregate
        self.streams[request] = self.portal.stream(self.ids[request])
        self.whole[request] = tabs.state(self.streams[request])
        self.news = [request]

    def id_of(self, request: int, kind: str, number: int) -> UUID:
        return uuid5(self.ids[request], f"{kind} {number}")

    def one_of(self, request: int, things: str, number: int) -> UUID:
        """Something that is there, most of the time."""
        there = list(getattr(self.whole[request], things))
        return there[number % len(there)] if there else self.id_of(request, things, number)

    def wish(self, number: int) -> tuple[UUID, datetime]:
        """One of five times on the next day; the last one is not offered."""
        monday = MONDAY + timedelta(days=(self.now - MONDAY).days // 7 * 7)
        opens = datetime.combine(monday.date() + timedelta(days=1), time(9), PARIS)
        return self.town.counter, opens + timedelta(minutes=30 * number if number < 4 else 10)

    # Exchanges

    @gesture(who=anybody, request=which, number=which, text=text)
    def write(self, who: str, request: int, number: int, text: str) -> None:
        message = Message(exchange_id=self.id_of(request, f"{who} message", number), text=text)
        self.does(requests.send_exchange, who, request, message=message)

    @gesture(who=anybody, request=which, number=several)
    def read(self, who: str, request: int, number: int) -> None:
        exchange_id = self.one_of(request, "exchanges", number)
        self.does(requests.read_exchange, who, request, exchange_id=exchange_id)

    # Attachments

    def content(self, title: str, request: int) -> AttachmentContent:
        file = AttachedFile(
            file_id=self.id_of(request, "file", 0), name="a.pdf", media_type="application/pdf", size=1, sha256="0"
        )
        return AttachmentContent(kind="Autre", title=title, files=(file,))

    @gesture(who=citizens, request=which, number=which, title=title)
    def attach(self, who: str, request: int, number: int, title: str) -> None:
        given = {"attachment_id": self.id_of(request, "paper", number), "content": self.content(title, request)}
        self.does(requests.add_attachment, who, request, **given)

    @gesture(who=citizens, request=which, number=several, title=title, seen=seen)
    def replace(self, who: str, request: int, number: int, title: str, seen: int | None) -> None:
        paper = self.one_of(request, "attachments", number)
        given = {"attachment_id": paper, "content": self.content(title, request)}
        self.does(requests.replace_attachment, who, request, **given, seen=seen)

    @gesture(who=citizens, request=which, number=several, seen=seen)
    def remove(self, who: str, request: int, number: int, seen: int | None) -> None:
        paper = self.one_of(request, "attachments", number)
        self.does(requests.remove_attachment, who, request, attachment_id=paper, seen=seen)

    # Appointments

    @gesture(who=anybody, request=which, number=several, slot=st.integers(0, 4))
    def book(self, who: str, request: int, number: int, slot: int) -> None:
        meeting = self.id_of(request, "meeting", number)
        self.does(requests.book_appointment, who, request, appointment_id=meeting, wish=self.wish(slot))

    @gesture(who=anybody, request=which, former=several, number=several, slot=st.integers(0, 4), seen=seen)
    def move(self, who: str, request: int, former: int, number: int, slot: int, seen: int | None) -> None:
        given = {
            "former_id": self.one_of(request, "appointments", former),
            "appointment_id": self.id_of(request, "meeting", number),
            "wish": self.wish(slot),
        }
        self.does(requests.move_appointment, who, request, **given, seen=seen)

    @gesture(who=anybody, request=which, number=several, seen=seen)
    def drop(self, who: str, request: int, number: int, seen: int | None) -> None:
        meeting = self.one_of(request, "appointments", number)
        self.does(requests.cancel_appointment, who, request, appointment_id=meeting, seen=seen)

    # The desk

    @gesture(who=agents, request=which)
    def take_up(self, who: str, request: int) -> None:
        self.does(requests.take_up, who, request)

    @gesture(who=agents, request=which, to=st.sampled_from(["dominique", "maud", "samir"]), seen=seen)
    def assign(self, who: str, request: int, to: str, seen: int | None) -> None:
        self.does(requests.assign, who, request, assignee_id=self.people[to].id, seen=seen)

    @gesture(who=managers, request=which, civil=st.booleans(), reasons=text, seen=seen)
    def pass_on(self, who: str, request: int, civil: bool, reasons: str, seen: int | None) -> None:
        to = self.town.civil if civil else self.town.education
        self.does(requests.pass_on, who, request, department_id=to, reasons=f"{SECRET} : {reasons}", seen=seen)

    @gesture(who=agents, request=which, number=which, text=text)
    def note(self, who: str, request: int, number: int, text: str) -> None:
        note = self.id_of(request, "note", number)
        self.does(requests.add_note, who, request, note_id=note, text=f"{SECRET} : {text}")

    @gesture(who=agents, request=which, number=several, text=text, seen=seen)
    def ask_back(self, who: str, request: int, number: int, text: str, seen: int | None) -> None:
        correction = Correction(correction_id=self.id_of(request, "correction", number), text=text)
        self.does(requests.request_correction, who, request, correction=correction, seen=seen)

    @gesture(who=citizens, request=which, number=which, name=text)
    def send_back(self, who: str, request: int, number: int, name: str) -> None:
        correction = self.one_of(request, "corrections", number)
        self.does(requests.send_back, who, request, correction_id=correction, answers={"nom": name})

    @gesture(request=which, number=several, way=st.integers(0, 3))
    def go_on(self, request: int, number: int, way: int) -> None:
        """What comes next, done by who should: else most walks would not get far."""
        whole = self.whole[request]
        agent = "maud" if whole.department_id == self.town.civil else "samir"
        owner = self.owner(request)
        if (standing := whole.upcoming(self.now)) and way > 0:
            self.change(request, owner, standing, number)
        elif whole.status is Status.SUBMITTED:
            self.take_up(agent, request)
        elif whole.correction is not None:
            self.does(requests.send_back, owner, request, **self.answer_to(whole.correction.correction_id))
        elif whole.status is Status.UNDER_REVIEW and way < 2:
            self.ask_back(agent, request, number, "Encore", None)
        elif whole.status is Status.UNDER_REVIEW:
            self.decide(agent, request, number, Status.REFUSED, "Non", None)
        elif way < 2:
            self.reopen(agent, request, "Encore", None)
        else:
            self.archive(agent, request)

    def owner(self, request: int) -> str:
        whole = self.whole[request]
        return next((name for name in ("camille", "nadia") if whole.concerns(self.people[name])), "holder")

    @gesture(request=which, number=several, title=title, seen=seen)
    def mend(self, request: int, number: int, title: str, seen: int | None) -> None:
        """The owner changes something of theirs, or takes it out."""
        papers = self.whole[request].attachments.items()
        if own := [key for key, each in papers if each.side is Side.CITIZEN and not each.removed]:
            given: dict[str, Any] = {"attachment_id": own[number % len(own)], "seen": seen}
            if number % 3:
                given["content"] = self.content(title, request)
            verb = requests.replace_attachment if number % 3 else requests.remove_attachment
            self.does(verb, self.owner(request), request, **given)

    def change(self, request: int, owner: str, standing: UUID, number: int) -> None:
        """Move an appointment, or drop it."""
        if number % 2:
            self.does(requests.cancel_appointment, owner, request, appointment_id=standing)
        else:
            given = {"appointment_id": uuid4(), "wish": self.wish(number // 2)}
            self.does(requests.move_appointment, owner, request, former_id=standing, **given)

    @staticmethod
    def answer_to(correction_id: UUID) -> dict[str, Any]:
        return {"correction_id": correction_id, "answers": {"nom": "Roux"}}

    # The end

    @gesture(who=agents, request=which, number=several, outcome=outcomes, reasons=text, seen=seen)
    def decide(self, who: str, request: int, number: int, outcome: Status, reasons: str, seen: int | None) -> None:
        decision = Decision(decision_id=self.id_of(request, "decision", number), outcome=outcome, reasons=reasons)
        self.does(requests.decide, who, request, decision=decision, seen=seen)

    @gesture(request=which, outcome=st.sampled_from([Status.ACCEPTED, Status.REFUSED, Status.CLOSED]))
    def keep_silent(self, request: int, outcome: Status) -> None:
        given = {"outcome": outcome, "effective_on": self.now.date()}
        decision = self.id_of(request, "silence", 0)
        self.does(requests.settle_by_silence, None, request, decision_id=decision, **given)

    @gesture(who=managers, request=which, reasons=text, seen=seen)
    def reopen(self, who: str, request: int, reasons: str, seen: int | None) -> None:
        self.does(requests.reopen, who, request, reasons=reasons, seen=seen)

    @gesture(who=citizens, request=which, sure=st.booleans())
    def cancel(self, who: str, request: int, sure: bool) -> None:
        if not sure:
            return
        self.does(requests.cancel_request, who, request)

    @gesture(who=agents, request=which)
    def archive(self, who: str, request: int) -> None:
        self.does(requests.archive_request, who, request)

    @gesture(
        who=citizens, holder=st.sampled_from(["holder", "holder", "nadia"]), request=st.sampled_from([2, 2, 0])
    )
    def link(self, who: str, holder: str, request: int) -> None:
        self.does(requests.link_to_account, who, request, holder=self.people[holder])

    @gesture(hours=st.integers(1, 12))
    def wait(self, hours: int) -> None:
        if self.now.weekday() < 5:
            self.now += timedelta(hours=hours)
            self.news = [0, 1, 2]

    @rule(gesture=st.deferred(lambda: st.one_of(GESTURES)))
    def next(self, gesture: tuple[str, dict[str, Any]]) -> None:
        name, given = gesture
        getattr(self, name)(**given)

    # What must hold

    @invariant()
    def what_is_shown_is_what_was_recorded(self) -> None:
        """After each gesture that changed something, for whom it changed."""
        if not self.news:
            return
        with self.portal.connection() as connection:
            model.catch_up(self.portal, connection)
            for viewer in (self.people[name] for name in ("camille", "nadia", "holder")):
                own = [
                    events for events, each in zip(self.streams, self.whole, strict=True) if each.concerns(viewer)
                ]
                badges = {
                    "unread": sum(
                        each.unread for events in own for each in tabs.exchanges(events, side=Side.CITIZEN)
                    ),
                    "upcoming": sum(
                        each.is_to_come(self.now) for events in own for each in tabs.appointments(events)
                    ),
                }
                shown = home.home(connection, viewer=viewer, now=self.now)
                assert {"unread": shown.unread, "upcoming": shown.upcoming} == badges
        for request in self.news:
            self.a_citizen_is_told_no_more_than_is_for_them(self.streams[request])
        self.a_place_is_one_requests()
        self.news = []

    def a_citizen_is_told_no_more_than_is_for_them(self, events: list[RecordedEvent]) -> None:
        told = tabs.history(events, audience="citizen")
        assert len(told) == sum(event.topic not in FOR_THE_TOWN_ALONE for event in events)
        assert not any(SECRET in line.sentence for line in told)

    def a_place_is_one_requests(self) -> None:
        held = [
            (each.slot.slot_id, request.id)
            for request in self.whole
            for each in request.appointments.values()
            if not each.cancelled
        ]
        assert len({slot_id for slot_id, _ in held}) == len(held)
        for slot_id, request_id in held:
            if request_id == self.whole[self.news[0]].id:
                assert self.portal.get(Slot, slot_id).request_id == request_id


@pytest.fixture
def portal(database_url: str, master_key: bytes) -> Iterator[Portal]:
    """One portal for the whole walk."""
    with closing(Remembering(database_url, master_key)) as portal:
        model.prepare(portal)
        yield portal


@pytest.mark.slow
def test_a_random_walk_of_several_people_keeps_what_must_hold(town: Town, portal: Remembering) -> None:
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    walk = type(
        "OneWalk", (Walk,), {"town": town, "portal": portal, "weeks": count(), "done": done, "refused": refused}
    )
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            suppress_health_check=[HealthCheck.too_slow],
            phases=[Phase.generate],  # shrinking a walk takes minutes, and its last gesture says enough
        ),
    )
    assert {verb for verb in VERBS if done[verb]} == VERBS, done
    assert set(refused) >= VERBS - {"settle_by_silence"}, refused
