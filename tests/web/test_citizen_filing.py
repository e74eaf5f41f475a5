"""The catalogue, and filing a request from its form."""

from collections.abc import Callable

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.procedures import FormField
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands.procedures import publish_version
from espace_citoyen.commands.requests import find_request
from people import Town, birth_certificate
from visitors import Page, Visitor

SignedIn = Callable[[str], Visitor]
FORM = "/demarches/acte-de-naissance"
EVERY_KIND = (
    FormField(name="nom", label="Nom de naissance", required=True),
    FormField(name="email", label="Autre courriel", kind="email"),
    FormField(name="naissance", label="Date de naissance", kind="date", required=True),
    FormField(name="exemplaires", label="Nombre d’exemplaires", kind="number"),
    FormField(name="document", label="Document", kind="choice", choices=("Copie", "Extrait"), required=True),
    FormField(name="attestation", label="J’atteste sur l’honneur", kind="box", required=True),
    FormField(name="motif", label="Motif", kind="long_text"),
)
TYPED = {
    "question-nom": "Rousseau",
    "question-naissance-jour": "2",
    "question-naissance-mois": "11",
    "question-naissance-annee": "1984",
    "question-exemplaires": "2",
    "question-document": "Copie",
    "question-attestation": "oui",
    "question-motif": "Passeport,\nen urgence",
}


@pytest.fixture
def camille(town: Town, signed_in: SignedIn) -> Visitor:
    """Camille, and a procedure whose form has every kind of question."""
    camille = signed_in("camille")
    version = birth_certificate(town.civil, number=2, fields=EVERY_KIND)
    publish_version(town.portal, at=town.at, actor=SYSTEM, procedure_id=town.birth_certificate, version=version)
    town.drain()
    return camille


def request_of(portal: Portal, page: Page) -> ServiceRequest:
    return portal.get(ServiceRequest, find_request(portal, page.location.split("/")[2]))


def test_everybody_sees_the_procedures_by_area(town: Town, visitor: Visitor) -> None:
    assert "Aucune démarche en ligne" in visitor.get("/demarches").words
    assert town.birth_certificate
    assert town.school
    town.drain()
    page = visitor.get("/demarches")
    assert page.links["Demande d’acte de naissance"] in {FORM, "/demarches/inscription-scolaire"}
    assert "Espace personnel nécessaire" in page.words


def test_without_an_account_a_procedure_says_so_and_leads_to_sign_in_and_back(
    town: Town, visitor: Visitor
) -> None:
    assert town.birth_certificate
    town.drain()
    page = visitor.get(FORM)
    assert "Un espace personnel est nécessaire" in page.words
    assert page.links["Me connecter et commencer"] == f"/connexion?suite={FORM}"
    visitor.get("/connexion")
    assert visitor.post(FORM, etape="valider").location == f"/connexion?suite={FORM}"


def test_an_agent_is_told_that_requests_come_from_a_citizen_s_space(town: Town, signed_in: SignedIn) -> None:
    dominique = signed_in("dominique")
    assert town.birth_certificate
    town.drain()
    assert "Une demande se dépose depuis l’espace d’un usager" in dominique.get(FORM).words
    assert dominique.post(FORM, etape="valider").status == 404


def test_a_procedure_that_does_not_exist_is_not_found(signed_in: SignedIn) -> None:
    camille = signed_in("camille")
    assert camille.get("/demarches/nothing").status == 404
    camille.get("/espace")
    assert camille.post("/demarches/nothing").status == 404


def test_the_coordinates_of_the_space_are_already_filled_in(camille: Visitor) -> None:
    values = camille.get(FORM).forms[-1].values
    assert values["first_name"] == "Camille"
    assert values["email"] == "camille@exemple.invalid"
    assert (values["title"], values["preferred_contact"]) == ("Mme", "Courriel")


def test_a_request_is_read_again_then_filed_then_followed(portal: Portal, town: Town, camille: Visitor) -> None:
    position = portal.position()
    camille.get(FORM)
    summary = camille.send(**TYPED, etape="recapitulatif", town="Valombre-le-Haut")
    assert summary.headings == ["Le récapitulatif"]
    for words in ("2\N{NO-BREAK SPACE}novembre\N{NO-BREAK SPACE}1984", "Valombre-le-Haut", "Oui", "Copie"):
        assert words in summary.text
    assert portal.position() == position
    filed = camille.send(etape="valider")
    assert filed.status == 303
    request = request_of(portal, filed)
    assert request.answers == {
        "nom": "Rousseau",
        "email": None,
        "naissance": "1984-11-02",
        "exemplaires": 2,
        "document": "Copie",
        "attestation": True,
        "motif": "Passeport,\nen urgence",
    }
    assert request.applicant["town"] == "Valombre-le-Haut"
    assert request.citizen_id == town.camille.id
    town.drain()
    page = camille.follow()
    assert f"Votre demande est déposée Sa référence : {request.reference}" in page.words
    link = page.links[f"Voir la demande {request.reference}"]
    assert "Camille Rousseau a déposé la demande" in camille.get(link).words


def test_going_back_from_the_summary_finds_everything_again(camille: Visitor) -> None:
    camille.get(FORM)
    camille.send(**TYPED, etape="recapitulatif")
    again = camille.send(etape="modifier")
    assert again.status == 200
    values = again.forms[-1].values
    assert {name: values[name] for name in TYPED} == TYPED | {"question-motif": "Passeport,\nen urgence"}


def test_a_form_sent_twice_is_one_request(portal: Portal, camille: Visitor) -> None:
    camille.get(FORM)
    camille.send(**TYPED, etape="recapitulatif")
    first = camille.send(etape="valider").location
    position = portal.position()
    camille.get(FORM)
    summary = camille.send(**TYPED, etape="recapitulatif")
    values = summary.forms[-1].values
    twice = [camille.post(FORM, **values, etape="valider").location for _ in range(2)]
    assert twice[0] == twice[1] != first
    assert portal.position() == position + 3  # the deposit, its acknowledgement, its reference


def test_other_answers_under_the_same_form_are_not_lost_in_silence(portal: Portal, camille: Visitor) -> None:
    values = camille.get(FORM).forms[-1].values | TYPED
    first = camille.post(FORM, **values)
    position = portal.position()
    camille.get("/reference")
    page = camille.post(FORM, **values | {"question-nom": "Martin"})
    assert page.status == 422
    assert f"sous la référence {first.location.split('/')[2]}" in page.words
    assert page.forms[-1].values["question-nom"] == "Martin"
    assert portal.position() == position
    assert camille.send().status == 303


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question-nom": ""}, "Répondez à la question « Nom de naissance »."),
        ({"question-nom": "x" * 501}, "Écrivez 500 caractères au plus."),
        ({"question-naissance-jour": "31"}, "Écrivez une date qui existe."),
        ({"question-exemplaires": "deux"}, "Écrivez un nombre entier, en chiffres."),
        ({"question-document": "Passeport"}, "Choisissez une des réponses proposées."),
        ({"question-email": "nulle part"}, "Écrivez une adresse électronique complète"),
        ({"email": "nulle part"}, "Écrivez une adresse électronique complète"),
        ({"last_name": ""}, "Écrivez votre nom."),
        ({"preferred_contact": "Pigeon"}, "Choisissez une des réponses proposées."),
        ({"question-motif": "avant\x00après"}, "caractère illisible"),
        ({"town": "Val\x00ombre"}, "Écrivez sur une seule ligne."),
        ({"mobile": "sans"}, "Écrivez un numéro de téléphone, en chiffres."),
    ],
)
@pytest.mark.parametrize("step", ["recapitulatif", "valider"])
def test_a_wrong_answer_is_said_beside_its_field_and_nothing_typed_is_lost(
    portal: Portal, camille: Visitor, change: dict[str, str], said: str, step: str
) -> None:
    position = portal.position()
    camille.get(FORM)
    page = camille.send(**TYPED | change, etape=step)
    assert page.status == 422
    assert page.title.startswith("Erreur")
    assert page.words.count(said) == 2  # in the summary of errors, and beside the field
    typed = page.forms[-1].values
    kept = {name: value for name, value in (TYPED | change).items() if value not in ("Passeport", "Pigeon")}
    assert {name: typed.get(name) for name in kept} == kept
    assert portal.position() == position


def test_everything_wrong_is_said_at_once_a_box_that_must_be_ticked_too(camille: Visitor) -> None:
    camille.get(FORM)
    page = camille.send(**{name: TYPED[name] for name in TYPED if name != "question-attestation"}, email="x")
    assert page.status == 422
    assert page.words.count("Cochez « J’atteste sur l’honneur » pour continuer.") == 2
    assert page.words.count("Écrivez une adresse électronique complète") == 2


def test_what_only_the_rules_refuse_is_said_in_the_same_round_in_the_order_of_the_page(camille: Visitor) -> None:
    camille.get(FORM)
    wrong = {"first_name": "", "mobile": "zéro six", "question-nom": "", "question-naissance-mois": "février"}
    page = camille.send(**TYPED | wrong)
    said = (
        "Écrivez votre prénom.",
        "Écrivez un numéro de téléphone, en chiffres.",
        "Répondez à la question « Nom de naissance ».",
        "Écrivez une date qui existe.",
    )
    assert [page.words.count(sentence) for sentence in said] == [2, 2, 2, 2]
    assert sorted(said, key=page.words.index) == list(said)


def test_a_wrong_email_is_not_said_beside_a_question_of_that_name(town: Town, camille: Visitor) -> None:
    camille.get(FORM)
    page = camille.send(**TYPED, email="camille@exemple.")
    assert page.words.count("Écrivez une adresse électronique") == 2
    assert 'id="email-error"' in page.text
    assert 'id="question-email-error"' not in page.text


@pytest.mark.parametrize("change", [{}, {"question-nom": ""}], ids=["accepted", "refused"])
def test_the_page_asked_for_again_gives_back_what_was_typed_until_it_is_filed(
    camille: Visitor, change: dict[str, str]
) -> None:
    camille.get(FORM)
    camille.send(**TYPED | change, etape="recapitulatif")
    camille.get("/espace")
    values = camille.get(FORM).forms[-1].values
    assert {name: values[name] for name in TYPED} == TYPED | change
    assert camille.send(**TYPED).status == 303
    assert camille.get(FORM).forms[-1].values["question-nom"] == ""


@pytest.mark.parametrize("step", ["recapitulatif", "valider"])
def test_a_form_that_changed_meanwhile_is_drawn_anew_with_what_was_typed(
    portal: Portal, town: Town, camille: Visitor, step: str
) -> None:
    camille.get(FORM)
    version = birth_certificate(town.civil, number=3, fields=(*EVERY_KIND, FormField(name="pays", label="Pays")))
    publish_version(portal, at=town.at, actor=SYSTEM, procedure_id=town.birth_certificate, version=version)
    position = portal.position()
    page = camille.send(**TYPED, etape=step)
    assert page.status == 409
    assert "La mairie vient de modifier ce formulaire" in page.words
    assert page.forms[-1].values["question-nom"] == "Rousseau"
    assert page.forms[-1].values["question-pays"] == ""
    assert portal.position() == position
    assert camille.send(etape="valider").status == 303


@pytest.mark.parametrize("version", ["", "x", "9999999999999999999999", "9" * 5000])
def test_a_version_that_is_none_is_one_that_changed(camille: Visitor, version: str) -> None:
    camille.get(FORM)
    assert camille.send(**TYPED, version=version).status == 409


def test_just_filed_it_can_be_seen_even_while_the_read_model_is_late(
    portal: Portal, camille: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("espace_citoyen.web.context.WAIT_SECONDS", 0.01)
    camille.get(FORM)
    filed = camille.send(**TYPED)
    page = camille.follow()
    assert page.status == 200
    assert "Mise à jour en retard" in page.words
    history = camille.get(page.links[f"Voir la demande {request_of(portal, filed).reference}"])
    assert "Camille Rousseau a déposé la demande" in history.words
