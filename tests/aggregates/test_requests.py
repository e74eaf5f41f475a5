"""A request and its exchanges: who may, who may not, and what is no news."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests import SENT_ALREADY, TEXT_LIMIT, Deposit, ServiceRequest, Status
from espace_citoyen.demo.cast import CIVIL
from people import ALEX, CAMILLE, CAMILLE_PERSON, DEPARTMENT_IDS, DOMINIQUE, INES, MONDAY, NADIA, SAMIR, SYSTEM
from scenario import Scenario

REQUEST, PROCEDURE = UUID(int=1001), UUID(int=2001)
MESSAGE, OTHER_MESSAGE = UUID(int=3001), UUID(int=3002)
SOMEBODY_WITH_A_LINK = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB)
EVERYBODY_ELSE = (NADIA, SAMIR, ALEX, INES, SYSTEM, SOMEBODY_WITH_A_LINK)

Deed = Callable[[ServiceRequest], object]


def deposit(*, exchanges: bool = True) -> Deposit:
    return Deposit(
        reference="7K3F-9QX2",
        procedure_id=PROCEDURE,
        procedure_version=3,
        department_id=DEPARTMENT_IDS[CIVIL],
        exchanges=exchanges,
        applicant=CAMILLE_PERSON,
        answers={"nom": "Rousseau"},
    )


def filed(who: Actor = CAMILLE, at: datetime = MONDAY, *, exchanges: bool = True) -> Callable[[], ServiceRequest]:
    return lambda: ServiceRequest.submit(id=REQUEST, at=at, actor=who, deposit=deposit(exchanges=exchanges))


def written(who: Actor, exchange_id: UUID = MESSAGE, text: str = "Bonjour") -> Deed:
    return lambda request: request.send_exchange(at=MONDAY, actor=who, exchange_id=exchange_id, text=text)


def read(who: Actor, exchange_id: UUID = MESSAGE) -> Deed:
    return lambda request: request.read_exchange(at=MONDAY, actor=who, exchange_id=exchange_id)


def acknowledged(text: str = "Bonjour, nous avons bien reçu votre demande.") -> Deed:
    return lambda request: request.acknowledge(
        at=MONDAY, actor=SYSTEM, recipient="camille@exemple.invalid", subject="Accusé de réception", text=text
    )


def erased(reason: str = "person", visa: str = "DPO-2026-014") -> Deed:
    return lambda request: request.erase(at=MONDAY, actor=ALEX, reason=reason, visa=visa)


# Filing


def test_a_request_filed_by_a_citizen_is_theirs_and_keeps_the_version_of_the_form_they_saw() -> None:
    Scenario(ServiceRequest).when(filed()).then(
        ServiceRequest.Submitted,
        citizen_id=CAMILLE.id,
        actor_id=CAMILLE.id,
        actor_kind="citizen",
        channel="web",
        procedure_version=3,
        status=Status.SUBMITTED.value,
        answers={"nom": "Rousseau"},
        timestamp=MONDAY,
    )


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 1, 1, 7, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 12, 31)),
    ],
)
def test_a_request_is_received_on_the_day_it_is_in_paris(at: datetime, day: date) -> None:
    Scenario(ServiceRequest).when(filed(at=at)).then(
        ServiceRequest.Submitted, received_on=day, timestamp=at.astimezone(UTC)
    )


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("last_name", " ", "Remplissez ce champ."),
        ("email", "", "Remplissez ce champ."),
        ("email", "camille", "Écrivez une adresse électronique complète, comme nom@exemple.fr."),
    ],
)
def test_a_request_needs_an_applicant_who_can_be_named_and_reached(field: str, given: str, said: str) -> None:
    nobody = replace(deposit(), applicant=replace(CAMILLE_PERSON, **{field: given}))
    Scenario(ServiceRequest).when(
        lambda: ServiceRequest.submit(id=REQUEST, at=MONDAY, actor=CAMILLE, deposit=nobody)
    ).then_refused(Invalid, **{field: said})


def test_an_act_without_a_time_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="aware"):
        filed(at=datetime(2026, 3, 2, 9, 0))()  # noqa: DTZ001 - the very thing refused


# Its acknowledgement


def test_the_acknowledgement_is_kept_word_for_word_with_the_day_of_reception() -> None:
    Scenario(ServiceRequest).given(filed()).when(acknowledged("Mot pour mot.")).then(
        ServiceRequest.Acknowledged, text="Mot pour mot.", received_on=date(2026, 3, 2), actor_kind="system"
    )


def test_a_request_is_acknowledged_once() -> None:
    Scenario(ServiceRequest).given(filed(), acknowledged()).when(acknowledged("Autre chose.")).then_nothing()


# Writing


def test_a_citizen_writes_about_their_own_request() -> None:
    Scenario(ServiceRequest).given(filed()).when(written(CAMILLE, text="Bonjour ?")).then(
        ServiceRequest.ExchangeSent,
        exchange_id=MESSAGE,
        side="citizen",
        text="Bonjour ?",
        reference="7K3F-9QX2",
        status="submitted",
    )


def test_an_agent_of_the_department_answers_with_name_and_capacity() -> None:
    Scenario(ServiceRequest).given(filed(), written(CAMILLE)).when(written(DOMINIQUE, OTHER_MESSAGE)).then(
        ServiceRequest.ExchangeSent,
        side="town",
        actor_name="Dominique Morel",
        actor_capacity="Officier d’état civil",
    )


@pytest.mark.parametrize("stranger", EVERYBODY_ELSE, ids=lambda actor: actor.name or actor.kind.value)
def test_nobody_else_writes_about_it(stranger: Actor) -> None:
    Scenario(ServiceRequest).given(filed()).when(written(stranger)).then_refused(Forbidden)


def test_somebody_without_an_account_does_not_own_what_somebody_without_an_account_filed() -> None:
    Scenario(ServiceRequest).given(filed(SOMEBODY_WITH_A_LINK)).when(written(SOMEBODY_WITH_A_LINK)).then_refused(
        Forbidden
    )


def test_nobody_writes_about_a_request_whose_procedure_has_no_exchanges() -> None:
    for who in (CAMILLE, DOMINIQUE):
        Scenario(ServiceRequest).given(filed(exchanges=False)).when(written(who)).then_refused(Forbidden)


@pytest.mark.parametrize("text", ["", " ", "\n\t\N{NO-BREAK SPACE}"])
def test_an_empty_message_is_refused(text: str) -> None:
    Scenario(ServiceRequest).given(filed()).when(written(CAMILLE, text=text)).then_refused(
        Invalid, text="Écrivez votre message."
    )


def test_a_message_has_ten_thousand_characters_at_most() -> None:
    Scenario(ServiceRequest).given(filed()).when(written(CAMILLE, text="é" * TEXT_LIMIT)).then(
        ServiceRequest.ExchangeSent
    )
    Scenario(ServiceRequest).given(filed()).when(written(CAMILLE, text="é" * (TEXT_LIMIT + 1))).then_refused(
        Invalid, text="Votre message est trop long : 10001 caractères, pour 10000 au plus."
    )


@pytest.mark.parametrize("character", ["\0", "\ud83d"])
def test_a_character_that_the_database_cannot_keep_is_refused(character: str) -> None:
    Scenario(ServiceRequest).given(filed()).when(written(CAMILLE, text=f"a{character}b")).then_refused(
        Invalid, text="Ce texte contient un caractère illisible\N{NO-BREAK SPACE}: effacez-le et recommencez."
    )


def test_a_message_sent_again_by_a_nervous_click_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), written(CAMILLE)).when(written(CAMILLE)).then_nothing()


def test_another_text_from_a_page_that_was_sent_already_is_refused_instead_of_lost() -> None:
    Scenario(ServiceRequest).given(filed(), written(CAMILLE)).when(written(CAMILLE, text="Encore")).then_refused(
        Invalid, text=SENT_ALREADY
    )


# Reading


def test_the_addressee_reads_a_message() -> None:
    Scenario(ServiceRequest).given(filed(), written(DOMINIQUE)).when(read(CAMILLE)).then(
        ServiceRequest.ExchangeRead, exchange_id=MESSAGE, side="citizen"
    )
    Scenario(ServiceRequest).given(filed(), written(CAMILLE)).when(read(DOMINIQUE)).then(
        ServiceRequest.ExchangeRead, exchange_id=MESSAGE, side="town"
    )


def test_reading_again_is_no_news() -> None:
    Scenario(ServiceRequest).given(filed(), written(DOMINIQUE), read(CAMILLE)).when(read(CAMILLE)).then_nothing()


def test_reading_ones_own_words_does_not_make_them_read() -> None:
    Scenario(ServiceRequest).given(filed(), written(CAMILLE)).when(read(CAMILLE)).then_nothing()


def test_a_message_that_is_not_there_cannot_be_read() -> None:
    Scenario(ServiceRequest).given(filed(), written(DOMINIQUE)).when(read(CAMILLE, OTHER_MESSAGE)).then_refused(
        NotFound
    )


@pytest.mark.parametrize("stranger", EVERYBODY_ELSE, ids=lambda actor: actor.name or actor.kind.value)
def test_nobody_else_reads_it(stranger: Actor) -> None:
    Scenario(ServiceRequest).given(filed(), written(DOMINIQUE)).when(read(stranger)).then_refused(Forbidden)


# Being erased


def test_an_erasure_says_who_and_why_by_code_and_nothing_of_the_person() -> None:
    Scenario(ServiceRequest).given(filed()).when(erased()).then(
        ServiceRequest.Erased, reason="person", visa="DPO-2026-014", actor_name="Alex Fournier"
    )


@pytest.mark.parametrize("reason", ["", "Mme Rousseau l’a demandé", "PERSON"])
def test_a_reason_that_is_no_code_is_refused(reason: str) -> None:
    Scenario(ServiceRequest).given(filed()).when(erased(reason=reason)).then_refused(
        Invalid, reason="Choisissez un des motifs proposés."
    )


@pytest.mark.parametrize("visa", ["", "vu avec Camille Rousseau", "-1", "x" * 41])
def test_a_visa_that_is_no_reference_is_refused(visa: str) -> None:
    Scenario(ServiceRequest).given(filed()).when(erased(visa=visa)).then_refused(
        Invalid, visa="Donnez la référence du visa, par exemple « DPO-2026-014 »."
    )


def test_a_request_seen_in_a_log_shows_nothing_of_what_it_holds() -> None:
    request = filed()()
    assert repr(request) == f"<ServiceRequest {REQUEST} v1>"
