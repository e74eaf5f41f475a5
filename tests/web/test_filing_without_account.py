"""Filing without an account: the same form, a code on its last page, then the link (S16, S19, S23, S33)."""

from collections.abc import Callable
from dataclasses import replace

import flask
import pytest

from espace_citoyen import letters, outbox
from espace_citoyen.aggregates.actor import SYSTEM, ActorKind
from espace_citoyen.application import Portal
from espace_citoyen.commands.procedures import publish_version
from people import Town, birth_certificate
from strangers import CARD, TYPED, code_on, file, fill_in, link_of
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]
FORM = f"/demarches/{CARD}"


@pytest.fixture(autouse=True)
def open_to_all(town: Town) -> None:
    """A procedure that needs no account."""
    assert town.identity_card
    town.drain()


def test_the_form_is_open_to_everybody_and_asks_who_they_are(visitor: Visitor) -> None:
    page = visitor.get(FORM)
    assert page.headings == ["Demande d’acte de naissance"]
    assert page.forms[-1].values["first_name"] == ""
    assert page.links["Connectez-vous"] == f"/connexion?suite={FORM}"


def test_an_agent_does_not_file_as_somebody_without_account(signed_in: SignedIn) -> None:
    dominique = signed_in("dominique")
    assert "Une demande se dépose depuis l’espace d’un usager" in dominique.get(FORM).words
    dominique.get("/reference")
    assert dominique.post(FORM, **TYPED, etape="valider").status == 404


def test_a_request_is_filed_followed_at_once_and_seen_by_the_department(
    portal: Portal, town: Town, clock: Clock, visitor: Visitor, signed_in: SignedIn
) -> None:
    request = file(portal, clock, visitor)
    assert request.citizen_id is None
    assert request.applicant["last_name"] == "Moreau"
    deposit = portal.stream(request.id)[0].event
    assert (deposit.actor_kind, deposit.actor_name) == (ActorKind.LINK_HOLDER.value, "Léa Moreau")
    town.drain()
    page = visitor.follow()
    assert f"Votre demande est déposée Sa référence : {request.reference}" in page.words
    assert "Un accusé de réception vous arrive par courriel, avec un lien de suivi." in page.words
    history = visitor.get(page.links[f"Voir la demande {request.reference}"])
    assert history.status == 200
    assert "Léa Moreau a déposé la demande" in history.words
    dominique = signed_in("dominique")
    assert "Moreau" in dominique.get(f"/agents/demandes/{request.reference}/demandeur").words


def test_the_acknowledgement_holds_the_tracking_link(portal: Portal, clock: Clock, visitor: Visitor) -> None:
    request = file(portal, clock, visitor)
    with portal.connection() as connection:
        outbox.queue(
            connection, stream_id=request.id, version=2, recipient="applicant", template="acknowledgement"
        )
        (mail,) = outbox.page(connection, outbox.State.WAITING)
    written = letters.write(portal, mail)
    assert written
    assert written.address == "lea@exemple.invalid"
    assert written.path == link_of(portal, request)


def test_what_was_filed_can_be_seen_even_while_the_read_model_is_late(
    portal: Portal, clock: Clock, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("espace_citoyen.web.context.WAIT_SECONDS", 0.01)
    file(portal, clock, visitor)
    page = visitor.follow()
    assert page.status == 200
    assert "Mise à jour en retard" in page.words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "nulle part"}, "Écrivez une adresse électronique complète"),
        ({"last_name": ""}, "Écrivez votre nom."),
        ({"first_name": "Gagnez sur https://exemple.invalid"}, "Écrivez un nom sur une seule ligne"),
        ({"last_name": "www.exemple.invalid"}, "Écrivez un nom sur une seule ligne"),
        ({"question-nom": ""}, "Répondez à la question « Nom de naissance »."),
    ],
)
def test_a_wrong_answer_is_said_before_any_code_is_asked(
    visitor: Visitor, change: dict[str, str], said: str
) -> None:
    page = fill_in(visitor, **change)
    assert page.status == 422
    assert page.words.count(said) == 2
    assert "Code de sécurité" not in page.words


def test_nothing_typed_is_kept_in_the_cookie_of_somebody_unknown(visitor: Visitor) -> None:
    before = len(visitor.get(FORM).response.headers["Set-Cookie"])
    page = fill_in(visitor)
    cookies = page.response.headers.getlist("Set-Cookie")
    assert all(len(each) <= before for each in cookies)
    assert "session" in visitor.session_cookie or len(visitor.session_cookie) < 200


def test_going_back_from_the_summary_finds_everything_again(visitor: Visitor) -> None:
    fill_in(visitor)
    values = visitor.send(etape="modifier").forms[-1].values
    assert {name: values[name] for name in TYPED} == TYPED


def test_a_form_sent_twice_is_one_request(portal: Portal, clock: Clock, visitor: Visitor) -> None:
    page = fill_in(visitor)
    values = page.forms[-1].values | {"etape": "valider", "code_de_securite": code_on(portal, clock, page)}
    first = visitor.post(FORM, **values)
    position = portal.position()
    again = visitor.client.post(FORM, data=values)
    assert (first.status, again.status_code) == (303, 303)
    assert again.headers["Location"] == first.location
    assert portal.position() == position


def test_the_id_of_another_s_request_takes_nothing_over(
    app: flask.Flask, portal: Portal, clock: Clock, visitor: Visitor
) -> None:
    """Neither its bare id, nor the signed one of its own form, sent from another browser."""
    page = fill_in(visitor)
    signed = page.forms[-1].values["id"]
    hers = file(portal, clock, visitor)
    assert signed != str(hers.id)
    for number, stolen in enumerate((str(hers.id), signed)):
        thief = Visitor(app, f"192.0.2.{number + 10}")
        page = fill_in(thief)
        filed = thief.send(etape="valider", code_de_securite=code_on(portal, clock, page), id=stolen)
        assert filed.status == 303
        assert hers.reference not in filed.location
        assert thief.get(f"/demandes/{hers.reference}/historique").status == 404


def test_a_form_that_changed_meanwhile_costs_no_code(
    portal: Portal, town: Town, clock: Clock, visitor: Visitor
) -> None:
    page = fill_in(visitor)
    version = replace(birth_certificate(town.civil, number=2), account_required=False)
    publish_version(portal, at=town.at, actor=SYSTEM, procedure_id=town.identity_card, version=version)
    refused = visitor.send(etape="valider", code_de_securite=code_on(portal, clock, page))
    assert refused.status == 409
    assert refused.forms[-1].values["question-nom"] == "Moreau"
    with portal.connection() as connection:
        assert connection.execute("SELECT FROM plain.spent").fetchall() == []


def test_a_procedure_that_came_to_need_an_account_leads_to_sign_in(
    portal: Portal, town: Town, clock: Clock, visitor: Visitor
) -> None:
    page = fill_in(visitor)
    version = birth_certificate(town.civil, number=2)
    publish_version(portal, at=town.at, actor=SYSTEM, procedure_id=town.identity_card, version=version)
    refused = visitor.send(etape="valider", code_de_securite=code_on(portal, clock, page))
    assert refused.location == f"/connexion?suite={FORM}"


def test_with_an_account_no_code_is_asked(portal: Portal, town: Town, signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    camille.get(FORM)
    page = camille.send(**{"question-nom": "Rousseau"}, etape="recapitulatif")
    assert "Code de sécurité" not in page.words
    assert camille.send(etape="valider").status == 303


def test_whoever_follows_a_request_may_file_another(portal: Portal, clock: Clock, visitor: Visitor) -> None:
    first, second = (file(portal, clock, visitor) for _ in range(2))
    assert first.id != second.id
    assert visitor.get(f"/demandes/{second.reference}/historique").status == 200
    assert visitor.get(f"/demandes/{first.reference}/historique").status == 404


def test_five_tries_per_address_and_e_mail_then_one_waits_and_loses_nothing(
    app: flask.Flask, portal: Portal, clock: Clock
) -> None:
    def wrong(email: str, address: str = "192.0.2.1") -> int:
        somebody = Visitor(app, address)
        fill_in(somebody, email=email)
        page = somebody.send(etape="valider", code_de_securite="000000")
        if page.status == 429:
            assert "Moreau" in page.words
            assert "Réessayez dans" in page.words
            clock.passes(minutes=20)
            assert somebody.send().status == 422  # « Réessayer » leads back to the page, with another code
            assert somebody.page
            assert somebody.page.forms[-1].values["question-nom"] == "Moreau"
        return page.status

    assert [wrong("lea@exemple.invalid") for _ in range(6)] == [422] * 5 + [429]
    assert wrong("autre@exemple.invalid") == 422
    assert wrong("lea@exemple.invalid", "192.0.2.2") == 422


def test_reading_again_and_another_code_are_no_tries(visitor: Visitor) -> None:
    fill_in(visitor)
    for _ in range(8):
        assert visitor.send(etape="nouveau-code").status == 200
        assert fill_in(visitor).status == 200


@pytest.mark.slow
def test_an_account_files_thirty_times_in_a_quarter_of_an_hour_and_no_more(signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    statuses = []
    for _ in range(31):
        camille.get(FORM)
        statuses.append(camille.send(**{"question-nom": "Rousseau"}, etape="valider").status)
    assert statuses == [303] * 30 + [429]
