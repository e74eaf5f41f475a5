"""The end of a request: decided, settled by silence, reopened, cancelled, archived, linked (S31, S32, N04)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from deeds import (
    AT_THE_COUNTER,
    LINK_HOLDER,
    MEETING,
    NINE,
    REQUEST,
    STRANGERS,
    Deed,
    archived,
    asked_back,
    attached,
    booked,
    cancelled,
    decided,
    filed,
    linked,
    reopened,
    sent_back,
    settled,
    taken_up,
    written,
)
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import AlreadyTaken, Forbidden, Invalid, NotNow
from espace_citoyen.aggregates.requests import DECIDED, Decision, ServiceRequest, Status
from people import CAMILLE, DOMINIQUE, NADIA, SAMIR, SYSTEM
from scenario import Scenario

REASONED = "Donnez les motifs, en fait et en droit."
NOT_AN_OUTCOME = sorted(set(Status) - DECIDED)


def after(begin: Any, *deeds: Deed) -> ServiceRequest:
    request: ServiceRequest = begin()
    for deed in deeds:
        deed(request)
    return request


# Deciding


@pytest.mark.parametrize("outcome", sorted(DECIDED))
def test_an_agent_decides_with_reasons_name_and_capacity(outcome: Status) -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(decided(outcome=outcome)).then(
        ServiceRequest.Decided,
        status=outcome.value,
        reasons="Article 12.",
        actor_name="Dominique Morel",
        actor_capacity="Officier d’état civil",
    )


def test_a_decision_needs_the_request_taken_up() -> None:
    Scenario(ServiceRequest).given(filed()).when(decided()).then_refused(NotNow)


def test_the_town_may_decide_without_waiting_for_what_it_asked() -> None:
    given = (taken_up(), asked_back())
    Scenario(ServiceRequest).given(filed(), *given).when(decided()).then(ServiceRequest.Decided)
    assert after(filed(), *given, decided()).correction is None


@pytest.mark.parametrize("outcome", [Status.REFUSED, Status.CLOSED])
@pytest.mark.parametrize("reasons", ["", " \n"])
def test_whoever_does_not_grant_gives_reasons(outcome: Status, reasons: str) -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(
        decided(outcome=outcome, reasons=reasons)
    ).then_refused(Invalid, reasons=REASONED)


def test_an_acceptance_may_do_without_reasons() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(decided(reasons=" ")).then(
        ServiceRequest.Decided, reasons=""
    )


@pytest.mark.parametrize("outcome", NOT_AN_OUTCOME)
def test_what_is_no_outcome_is_refused(outcome: Status) -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(decided(outcome=outcome)).then_refused(
        Invalid, outcome="Choisissez la décision."
    )


def test_the_same_decision_again_is_no_news_and_another_is_refused_instead_of_lost() -> None:
    given = (taken_up(), decided())
    Scenario(ServiceRequest).given(filed(), *given).when(decided(seen=1)).then_nothing()
    Scenario(ServiceRequest).given(filed(), *given).when(decided(outcome=Status.REFUSED)).then_refused(
        Invalid, outcome="Une autre décision est déjà partie de cette page."
    )
    Scenario(ServiceRequest).given(filed(), *given).when(decided(number=1)).then_refused(NotNow)


# Silence


@pytest.mark.parametrize("outcome", [Status.ACCEPTED, Status.REFUSED])
def test_silence_decides_on_the_day_of_the_law(outcome: Status) -> None:
    Scenario(ServiceRequest).given(filed()).when(settled(outcome=outcome)).then(
        ServiceRequest.SettledBySilence,
        effective_on=date(2026, 5, 2),
        status=outcome.value,
        actor_kind="system",
    )


@pytest.mark.parametrize("somebody", [CAMILLE, DOMINIQUE, LINK_HOLDER], ids=lambda actor: actor.kind.value)
def test_silence_is_nobodys_deed(somebody: Actor) -> None:
    Scenario(ServiceRequest).given(filed()).when(settled(somebody)).then_refused(Forbidden)


@pytest.mark.parametrize("past", [(taken_up(), decided()), (settled(),), (cancelled(),)])
def test_silence_says_nothing_about_what_is_over(past: tuple[Deed, ...]) -> None:
    Scenario(ServiceRequest).given(filed(), *past).when(settled()).then_nothing()


def test_silence_accepts_or_refuses() -> None:
    Scenario(ServiceRequest).given(filed()).when(settled(outcome=Status.CLOSED)).then_refused(Invalid)


# Reopening


@pytest.mark.parametrize("past", [(taken_up(), decided()), (taken_up(), decided(), archived()), (settled(),)])
def test_a_manager_opens_again_what_was_decided_archived_or_not(past: tuple[Deed, ...]) -> None:
    Scenario(ServiceRequest).given(filed(), *past).when(reopened()).then(
        ServiceRequest.Reopened, reasons="Erreur sur la date.", status="under_review"
    )
    assert after(filed(), *past, reopened()).is_open


def test_the_first_decision_stays_whole_beside_the_second() -> None:
    given = (taken_up(), decided(outcome=Status.REFUSED, reasons="Non."), reopened())
    request = after(filed(), *given, decided(number=1, reasons="Oui."))
    assert [(each.outcome, each.reasons) for each in request.decisions] == [
        ("refused", "Non."),
        ("accepted", "Oui."),
    ]
    assert all(isinstance(each, Decision) for each in request.decisions)


def test_reopening_what_is_open_is_no_news_and_what_is_cancelled_is_not_reopened() -> None:
    Scenario(ServiceRequest).given(filed()).when(reopened()).then_nothing()
    Scenario(ServiceRequest).given(filed(), taken_up(), decided(), reopened()).when(reopened()).then_nothing()
    Scenario(ServiceRequest).given(filed(), cancelled()).when(reopened()).then_refused(NotNow)


def test_a_request_is_reopened_with_reasons() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), decided()).when(reopened(reasons="")).then_refused(
        Invalid, reasons="Dites pourquoi la demande est rouverte."
    )


# Cancelling


@pytest.mark.parametrize("past", [(), (taken_up(),), (taken_up(), asked_back())])
@pytest.mark.parametrize("who", [CAMILLE, AT_THE_COUNTER], ids=["Camille", "at the counter"])
def test_the_applicant_cancels_and_it_is_archived_at_once(past: tuple[Deed, ...], who: Actor) -> None:
    request = after(filed(), *past)
    request.collect_events()
    cancelled(who, " Plus besoin. ")(request)
    said, put_away = request.collect_events()
    assert isinstance(said, ServiceRequest.Cancelled)
    assert (said.reasons, said.status) == ("Plus besoin.", "cancelled")
    assert isinstance(put_away, ServiceRequest.Archived)
    assert (request.archived, request.correction) == (True, None)


def test_cancelling_drops_the_appointment_to_come() -> None:
    request = after(filed(), booked())
    request.collect_events()
    cancelled()(request)
    assert [type(each) for each in request.collect_events()] == [
        ServiceRequest.AppointmentCancelled,
        ServiceRequest.Cancelled,
        ServiceRequest.Archived,
    ]
    assert request.appointments[MEETING].cancelled


def test_cancelling_again_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), cancelled()).when(cancelled()).then_nothing()


def test_what_the_town_decided_is_not_cancelled() -> None:
    for past in ((taken_up(), decided()), (settled(),), (taken_up(), decided(), archived())):
        Scenario(ServiceRequest).given(filed(), *past).when(cancelled()).then_refused(NotNow)


@pytest.mark.parametrize("stranger", [*STRANGERS, DOMINIQUE], ids=lambda actor: f"{actor.kind.value} {actor.name}")
def test_nobody_else_cancels(stranger: Actor) -> None:
    Scenario(ServiceRequest).given(filed()).when(cancelled(stranger)).then_refused(Forbidden)


# Archiving


def test_an_agent_puts_away_what_is_decided() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), decided()).when(archived()).then(
        ServiceRequest.Archived, status="accepted"
    )


def test_what_is_going_on_is_not_put_away_and_what_is_away_is_no_news() -> None:
    for past in ((), (taken_up(),), (taken_up(), asked_back()), (taken_up(), decided(), reopened())):
        Scenario(ServiceRequest).given(filed(), *past).when(archived()).then_refused(NotNow)
    Scenario(ServiceRequest).given(filed(), taken_up(), decided(), archived()).when(archived()).then_nothing()


@pytest.mark.parametrize(
    "end", [(cancelled(),), (taken_up(), decided(), archived())], ids=["cancelled", "archived"]
)
@pytest.mark.parametrize("who", [CAMILLE, DOMINIQUE], ids=["citizen", "town"])
@pytest.mark.parametrize("deed", [written, attached, booked], ids=lambda deed: deed.__name__)
def test_what_is_cancelled_or_archived_refuses_messages_attachments_and_appointments(
    end: tuple[Deed, ...], who: Actor, deed: type[Deed]
) -> None:
    Scenario(ServiceRequest).given(filed(), *end).when(deed(who)).then_refused(NotNow)


# Linking


def test_whoever_holds_the_link_gives_the_request_to_their_account() -> None:
    Scenario(ServiceRequest).given(filed(LINK_HOLDER)).when(linked()).then(
        ServiceRequest.LinkedToAccount, citizen_id=NADIA.id, actor_id=NADIA.id
    )


def test_from_then_on_it_is_the_accounts_and_the_link_is_over() -> None:
    request = after(filed(LINK_HOLDER), linked())
    assert request.concerns(NADIA)
    assert not request.concerns(LINK_HOLDER)
    assert request.link_serial == 2
    Scenario(ServiceRequest).given(filed(LINK_HOLDER), linked()).when(written(LINK_HOLDER)).then_refused(Forbidden)
    Scenario(ServiceRequest).given(filed(LINK_HOLDER), linked()).when(written(NADIA)).then(
        ServiceRequest.ExchangeSent
    )


def test_to_the_account_that_has_it_is_no_news_and_to_another_is_refused() -> None:
    Scenario(ServiceRequest).given(filed(LINK_HOLDER), linked()).when(linked()).then_nothing()
    Scenario(ServiceRequest).given(filed(LINK_HOLDER), linked()).when(linked(CAMILLE)).then_refused(AlreadyTaken)
    Scenario(ServiceRequest).given(filed(CAMILLE)).when(linked(NADIA)).then_refused(AlreadyTaken)


@pytest.mark.parametrize("holder", [replace(LINK_HOLDER, id=MEETING), NADIA, DOMINIQUE, SYSTEM])
def test_without_the_link_nobody_takes_a_request_over(holder: Actor) -> None:
    Scenario(ServiceRequest).given(filed(LINK_HOLDER)).when(linked(holder=holder)).then_refused(Forbidden)


@pytest.mark.parametrize("somebody", [DOMINIQUE, LINK_HOLDER, SYSTEM, replace(NADIA, id=None)])
def test_only_an_account_can_be_linked_to(somebody: Actor) -> None:
    Scenario(ServiceRequest).given(filed(LINK_HOLDER)).when(linked(somebody)).then_refused(Forbidden)


# By the link


@pytest.mark.parametrize(
    ("past", "deed"),
    [
        ((), written(LINK_HOLDER)),
        ((), attached(LINK_HOLDER)),
        ((), booked(LINK_HOLDER)),
        ((), cancelled(LINK_HOLDER)),
        ((taken_up(), asked_back()), sent_back(LINK_HOLDER)),
    ],
    ids=["write", "attach", "book", "cancel", "send back"],
)
def test_whoever_holds_the_link_does_what_an_account_does(past: tuple[Deed, ...], deed: Deed) -> None:
    request = after(filed(LINK_HOLDER), *past)
    request.collect_events()
    deed(request)
    assert {each.actor_kind for each in request.collect_events()} == {"link_holder"}
    assert request.id == REQUEST


@pytest.mark.parametrize(
    "stranger", [CAMILLE, NADIA, SAMIR, replace(LINK_HOLDER, id=MEETING)], ids=lambda actor: actor.name
)
def test_nobody_else_does(stranger: Actor) -> None:
    for deed in (written(stranger), attached(stranger), booked(stranger, NINE + timedelta(hours=1))):
        Scenario(ServiceRequest).given(filed(LINK_HOLDER)).when(deed).then_refused(Forbidden)
