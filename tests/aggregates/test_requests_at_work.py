"""Looking after a request: taken up, assigned, passed on, noted, sent back to be completed (S28, P03)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from deeds import (
    AT_THE_COUNTER,
    COLLEAGUE,
    DEPARTMENT_IDS,
    MAUD,
    NOTE,
    STRANGERS,
    Deed,
    archived,
    asked_back,
    assigned,
    cancelled,
    correction,
    decided,
    filed,
    noted,
    passed_on,
    reopened,
    sent_back,
    taken_up,
    written,
)
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, Invalid, NotFound, NotNow
from espace_citoyen.aggregates.requests import TEXT_LIMIT, ServiceRequest, Status
from espace_citoyen.demo.cast import CIVIL, EDUCATION
from people import CAMILLE, DOMINIQUE, MONDAY, SAMIR
from scenario import Scenario

NOT_THE_TOWN = (*STRANGERS, CAMILLE)
strangers = pytest.mark.parametrize("stranger", STRANGERS, ids=lambda actor: actor.name or actor.kind.value)


# Who may


@pytest.mark.parametrize(
    "deed",
    [taken_up, assigned, passed_on, noted, asked_back, decided, archived, reopened],
    ids=lambda deed: deed.__name__,
)
@pytest.mark.parametrize("stranger", NOT_THE_TOWN, ids=lambda actor: f"{actor.kind.value} {actor.name}")
def test_only_the_departments_people_look_after_a_request(deed: type[Deed], stranger: Actor) -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(COLLEAGUE)).when(deed(stranger)).then_refused(Forbidden)


@pytest.mark.parametrize("deed", [passed_on, reopened], ids=lambda deed: deed.__name__)
def test_passing_on_and_reopening_are_a_managers_right(deed: type[Deed]) -> None:
    over = (taken_up(), decided())
    given = over if deed is reopened else ()
    Scenario(ServiceRequest).given(filed(), *given).when(deed(DOMINIQUE)).then_refused(Forbidden)


# Taking up and assigning


def test_an_agent_takes_a_request_up_and_it_is_under_review() -> None:
    Scenario(ServiceRequest).given(filed()).when(taken_up()).then(
        ServiceRequest.TakenUp, assignee_id=DOMINIQUE.id, status="under_review"
    )


def test_taking_up_what_one_has_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(taken_up()).then_nothing()


def test_a_colleague_who_was_first_keeps_the_request() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(COLLEAGUE)).when(taken_up()).then_refused(ChangedMeanwhile)


def test_an_agent_gives_a_request_to_a_colleague_or_takes_it_from_them() -> None:
    Scenario(ServiceRequest).given(filed()).when(assigned()).then(
        ServiceRequest.Assigned, assignee_id=COLLEAGUE.id, assignee_name="Claude Petit", status="under_review"
    )
    Scenario(ServiceRequest).given(filed(), taken_up(COLLEAGUE)).when(assigned(to=DOMINIQUE)).then(
        ServiceRequest.Assigned, assignee_id=DOMINIQUE.id
    )


def test_giving_it_to_whoever_has_it_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), assigned()).when(assigned(seen=1)).then_nothing()


def test_a_request_is_given_to_people_of_its_department_only() -> None:
    for somebody in (SAMIR, CAMILLE, replace(DOMINIQUE, roles=frozenset())):
        Scenario(ServiceRequest).given(filed()).when(assigned(to=somebody)).then_refused(
            Invalid, assignee="Choisissez un agent de votre service."
        )


# Passing on


def test_a_manager_passes_a_request_to_another_department_which_has_yet_to_take_it_up() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(passed_on()).then(
        ServiceRequest.PassedOn,
        department_id=DEPARTMENT_IDS[EDUCATION],
        former_department_id=DEPARTMENT_IDS[CIVIL],
        department_name=EDUCATION,
        reasons="C’est pour vous.",
        status="submitted",
    )
    Scenario(ServiceRequest).given(filed(), taken_up(), passed_on()).when(taken_up(SAMIR)).then(
        ServiceRequest.TakenUp, assignee_id=SAMIR.id
    )


def test_what_was_passed_on_is_no_longer_the_former_departments() -> None:
    for deed in (taken_up(), written(DOMINIQUE), noted(MAUD)):
        Scenario(ServiceRequest).given(filed(), passed_on()).when(deed).then_refused(Forbidden)


def test_passing_on_twice_from_the_same_page_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), passed_on()).when(passed_on()).then_nothing()
    Scenario(ServiceRequest).given(filed()).when(passed_on(to=CIVIL)).then_nothing()


def test_what_the_applicant_must_complete_goes_along_to_the_other_department() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(passed_on()).then(
        ServiceRequest.PassedOn, status="correction_requested"
    )
    given = (taken_up(), asked_back(), passed_on(), taken_up(SAMIR))
    Scenario(ServiceRequest).given(filed(), *given).when(sent_back()).then(
        ServiceRequest.CorrectionSentBack, status="under_review"
    )


def test_a_request_is_passed_on_with_a_word() -> None:
    Scenario(ServiceRequest).given(filed()).when(passed_on(reasons=" ")).then_refused(
        Invalid, reasons="Dites pourquoi au service qui reçoit la demande."
    )


# Notes


def test_the_services_note_something_for_themselves() -> None:
    Scenario(ServiceRequest).given(filed()).when(noted(text=" À rappeler.\n")).then(
        ServiceRequest.NoteAdded, note_id=NOTE, text="À rappeler."
    )


def test_the_same_note_again_is_no_news_and_another_is_refused_instead_of_lost() -> None:
    Scenario(ServiceRequest).given(filed(), noted()).when(noted()).then_nothing()
    Scenario(ServiceRequest).given(filed(), noted()).when(noted(text="Autre")).then_refused(
        Invalid, text="Une autre note est partie de cette page."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" ", "Écrivez votre note."),
        (
            "x" * (TEXT_LIMIT + 1),
            "Ce texte est trop long\N{NO-BREAK SPACE}: 10001 caractères, pour 10000 au plus.",
        ),
    ],
)
def test_a_note_says_something_and_not_too_much(text: str, said: str) -> None:
    Scenario(ServiceRequest).given(filed()).when(noted(text=text)).then_refused(Invalid, text=said)


# Asking for a correction


def test_the_town_asks_in_words_as_a_list_and_by_a_day() -> None:
    asked = correction(" Il manque un acte. ", missing=("Acte ", " "), due_on=date(2026, 3, 31))
    Scenario(ServiceRequest).given(filed(), taken_up()).when(asked_back(what=asked)).then(
        ServiceRequest.CorrectionRequested,
        text="Il manque un acte.",
        missing=["Acte"],
        due_on=date(2026, 3, 31),
        status="correction_requested",
    )


def test_asking_the_same_again_is_no_news_even_once_it_was_sent_back() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(asked_back()).then_nothing()
    given = (taken_up(), asked_back(), sent_back())
    Scenario(ServiceRequest).given(filed(), *given).when(asked_back(seen=1)).then_nothing()


def test_asking_something_else_from_the_same_page_is_refused_instead_of_lost() -> None:
    other = correction("Il manque une photographie.")
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(asked_back(what=other)).then_refused(
        Invalid, text="Une autre demande de complément est déjà partie de cette page."
    )


def test_one_thing_is_asked_at_a_time_of_a_request_that_somebody_took_up() -> None:
    for given in ((), (taken_up(), asked_back())):
        Scenario(ServiceRequest).given(filed(), *given).when(asked_back(what=correction(number=1))).then_refused(
            NotNow
        )


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (correction(" "), {"text": "Dites ce qu’il faut compléter ou corriger."}),
        (
            correction(missing=("x",) * 21),
            {"missing": "Écrivez 20 lignes au plus, de 200 caractères chacune."},
        ),
        (
            correction(missing=("x" * 201,)),
            {"missing": "Écrivez 20 lignes au plus, de 200 caractères chacune."},
        ),
        (correction(due_on=MONDAY.date()), {"due_on": "Choisissez un jour à venir."}),
    ],
)
def test_what_is_asked_can_be_understood_and_done_in_time(asked: object, wrong: dict[str, str]) -> None:
    deed = asked_back(what=asked)  # type: ignore[arg-type]  # a correction
    Scenario(ServiceRequest).given(filed(), taken_up()).when(deed).then_refused(Invalid, **wrong)


# Sending back


def test_the_applicant_sends_back_and_it_is_under_review_with_the_answers_corrected() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(sent_back()).then(
        ServiceRequest.CorrectionSentBack, answers={"nom": "Roux"}, text="Voici.", status="under_review"
    )


def test_an_agent_sends_back_for_the_applicant_at_the_counter_and_not_otherwise() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(sent_back(AT_THE_COUNTER)).then(
        ServiceRequest.CorrectionSentBack, channel="counter", on_behalf_of="Camille Rousseau", actor_kind="staff"
    )
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(sent_back(DOMINIQUE)).then_refused(
        Forbidden
    )


@strangers
def test_nobody_else_sends_back(stranger: Actor) -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), asked_back()).when(sent_back(stranger)).then_refused(
        Forbidden
    )


def test_sending_back_the_same_again_is_no_news_and_something_else_is_refused_instead_of_lost() -> None:
    given = (taken_up(), asked_back(), sent_back())
    Scenario(ServiceRequest).given(filed(), *given).when(sent_back()).then_nothing()
    Scenario(ServiceRequest).given(filed(), *given).when(sent_back(name="Rousse")).then_refused(NotNow)


def test_what_the_town_no_longer_waits_for_is_refused_instead_of_lost() -> None:
    given = (taken_up(), asked_back(), decided())
    Scenario(ServiceRequest).given(filed(), *given).when(sent_back()).then_refused(NotNow)


def test_what_was_never_asked_cannot_be_sent_back() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up()).when(sent_back()).then_refused(NotFound)


def test_a_second_asking_is_answered_by_itself() -> None:
    again = asked_back(what=correction("Et la photographie.", number=1))
    given = (taken_up(), asked_back(), sent_back(), again)
    Scenario(ServiceRequest).given(filed(), *given).when(sent_back(number=1)).then(
        ServiceRequest.CorrectionSentBack, correction_id=UUID(int=3302)
    )
    Scenario(ServiceRequest).given(filed(), *given).when(sent_back(name="Rousse")).then_refused(NotNow)


# Over is over; what was not seen is not decided on


@pytest.mark.parametrize(
    "end", [(cancelled(),), (taken_up(), decided(), archived())], ids=["cancelled", "archived"]
)
@pytest.mark.parametrize(
    "deed", [taken_up(COLLEAGUE), assigned(), passed_on(), asked_back()], ids=["take", "assign", "pass", "ask"]
)
def test_nobody_works_on_what_is_cancelled_or_archived(end: tuple[Deed, ...], deed: Deed) -> None:
    Scenario(ServiceRequest).given(filed(), *end).when(deed).then_refused(NotNow)


def test_the_services_may_still_note_something_about_what_is_over() -> None:
    Scenario(ServiceRequest).given(filed(), cancelled()).when(noted()).then(ServiceRequest.NoteAdded)


@pytest.mark.parametrize(
    ("past", "deed"),
    [
        ((assigned(),), assigned(to=DOMINIQUE, seen=1)),
        ((taken_up(),), passed_on(seen=1)),
        ((taken_up(), asked_back(), sent_back()), asked_back(what=correction(number=1), seen=3)),
        ((taken_up(), asked_back(), sent_back()), decided(seen=3)),
        ((taken_up(), decided(), reopened(), decided(number=1)), reopened(seen=3)),
    ],
)
def test_nobody_decides_on_a_page_older_than_the_last_operation(past: tuple[Deed, ...], deed: Deed) -> None:
    Scenario(ServiceRequest).given(filed(), *past).when(deed).then_refused(ChangedMeanwhile)


def test_a_message_that_came_meanwhile_is_no_conflict() -> None:
    Scenario(ServiceRequest).given(filed(), taken_up(), written()).when(decided(seen=2)).then(
        ServiceRequest.Decided, status=Status.ACCEPTED.value
    )
