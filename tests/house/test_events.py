"""Every event has its permanent name, its words, its audience, and a place in the documents."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from espace_citoyen import labels
from espace_citoyen.aggregates.accounts import CONTACTS, Person
from espace_citoyen.aggregates.actor import ActorKind, Channel, Role
from espace_citoyen.aggregates.erasures import ErasureReason
from espace_citoyen.aggregates.events import Aggregate, Event
from espace_citoyen.aggregates.procedures import FormField
from espace_citoyen.aggregates.requests import Side, Status
from espace_citoyen.commands import erasure
from espace_citoyen.projections.model import handlers
from espace_citoyen.store.mapper import shape_of
from every_event import event_classes

SCRIPTS = Path(__file__).parents[2] / "scripts"
ENVELOPE = {field.name for field in fields(Event)} | {"originator_topic"}
every_event = pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.TOPIC)


def own_aggregates() -> set[type[Aggregate]]:
    return {each for each in Aggregate.__subclasses__() if each.__module__.startswith("espace_citoyen.")}


@every_event
def test_an_event_has_a_permanent_name_of_its_own_in_its_aggregates(kind: type[Event]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*", kind.TOPIC)
    aggregate = {each.TOPIC: each for each in own_aggregates()}[kind.TOPIC.split(":")[0]]
    assert getattr(aggregate, kind.__name__) is kind
    assert kind.TOPIC.split(":")[1] == re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


@every_event
def test_an_event_is_one_fact_told_in_the_past_without_its_aggregates_name(kind: type[Event]) -> None:
    assert "Updated" not in kind.__name__
    assert "Changed" not in kind.__name__
    assert not any(kind.__name__.startswith(each.__name__) for each in own_aggregates())
    assert "data" not in {field.name for field in fields(kind)}


@every_event
def test_an_event_has_a_sentence_a_kind_and_an_audience_that_the_auditor_is_always_of(kind: type[Event]) -> None:
    label = labels.LABELS[kind.TOPIC]
    assert label.kind in labels.KIND
    assert labels.AUDITOR in label.audience
    assert label.audience <= {labels.CITIZEN, labels.STAFF, labels.AUDITOR}
    told = label.told("Camille Rousseau")
    assert "{" not in told
    assert told[0].isupper()


@every_event
def test_every_fact_of_an_event_has_a_word_in_french(kind: type[Event]) -> None:
    assert {field.name for field in fields(kind)} - ENVELOPE <= set(labels.FACT)


@every_event
def test_an_event_tells_in_clear_by_whom_through_what_when_and_where_and_nothing_of_who(kind: type[Event]) -> None:
    shape = shape_of(kind)
    assert {"actor_kind", "channel", "cause", "correlation"} <= shape.clear
    if shape.sealed:
        personal = {"actor_id", "actor_name", "actor_capacity", "on_behalf_of", "citizen_id", "applicant", "text"}
        assert not personal & shape.clear


def test_no_two_events_share_a_name() -> None:
    names = [kind.TOPIC for kind in event_classes()]
    assert len(set(names)) == len(names)


def test_there_are_words_for_each_code_and_no_others() -> None:
    assert set(labels.STATUS) == set(Status)
    assert set(labels.CHANNEL) == set(Channel)
    assert set(labels.ACTOR_KIND) == set(labels.SUBJECT) == set(ActorKind)
    assert set(labels.ROLE) == set(Role)
    assert set(labels.SIDE) == set(Side)
    assert set(labels.CONTACT) == CONTACTS
    assert set(labels.ERASURE_REASON) == set(ErasureReason)
    assert set(labels.STREAM) == {each.TOPIC for each in own_aggregates()}
    assert {field.name for kind in (Person, FormField) for field in fields(kind)} <= set(labels.FACT)


def test_whatever_holds_personal_data_can_be_erased() -> None:
    sealed = {each for each in own_aggregates() if each.Event.SEALED}
    with_their_holder = {"username-claim"}
    assert {each.TOPIC for each in sealed} - with_their_holder == set(erasure.KINDS)


def test_the_read_model_knows_no_event_that_is_not_there() -> None:
    assert set(handlers()) <= set(event_classes())


def test_the_page_of_events_says_what_the_code_says() -> None:
    done = subprocess.run([sys.executable, SCRIPTS / "events_page.py", "--check"], check=False)
    assert done.returncode == 0, "run scripts/events_page.py"
