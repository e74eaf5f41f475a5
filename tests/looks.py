"""Every page of the portal, as somebody of the demo sees it: what accessibility tests and `scripts/look` visit."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Look:
    """A page: its name (door-slice, or door-slice-page), whose it is, how to get there, whether to picture it.

    In `path`, `{latest}`, `{waiting}` and `{answered}` are references of Camille's requests: the last one filed,
    one with messages to read, one with messages both ways; others are called as in the demo's stories.
    `{followed}` was filed without account, and its link is
    `/suivi/{tracking}`: whoever opens it follows it from then on, so such looks come last.
    """

    name: str
    path: str
    who: str = ""
    then: Callable[[Page], None] | None = None
    picture: bool = True


def sign_in_empty_handed(page: Page) -> None:
    page.get_by_role("button", name="Se connecter").click()


def answer_the_form(page: Page) -> None:
    """Fill in what « Demande d’acte de naissance » asks besides the coordinates, and go on to the summary."""
    page.get_by_label("Extrait avec filiation").check()
    page.get_by_label("Nom de naissance de la personne").fill("Rousseau")
    page.get_by_label("Prénoms de la personne").fill("Camille Anne")
    for part, value in (("Jour", "2"), ("Mois", "11"), ("Année", "1984")):
        page.get_by_label(part, exact=True).fill(value)
    go_on(page)
    page.get_by_role("heading", name="Le récapitulatif").wait_for()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()


def report_a_lamp(page: Page) -> None:
    """Fill in, without account, what « Signaler un lampadaire en panne » asks, and go on to the summary."""
    page.get_by_label("Mme").check()
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Nom", exact=True).fill("Moreau")
    page.get_by_label("Courriel").first.fill("lea@exemple.invalid")
    page.get_by_label("Adresse ou endroit").fill("Passage du Lavoir")
    go_on(page)
    page.get_by_role("heading", name="Le récapitulatif").wait_for()


def report_without_the_code(page: Page) -> None:
    report_a_lamp(page)
    page.get_by_role("button", name="Valider ma demande").click()


def send_back_nothing(page: Page) -> None:
    """Send a request back with a question left without an answer it needs."""
    page.get_by_label("Votre taille, en centimètres").fill("grande")
    page.get_by_role("button", name="Renvoyer").click()


def move_a_meeting(page: Page) -> None:
    page.get_by_role("button", name="Modifier le rendez-vous").click()
    page.get_by_role("heading", name="Liste des rendez-vous disponibles").wait_for()


def drop_a_meeting(page: Page) -> None:
    page.get_by_role("button", name="Annuler le rendez-vous").click()
    page.get_by_role("heading", name="Annuler le rendez-vous").wait_for()


def choose_a_time(page: Page) -> None:
    move_a_meeting(page)
    page.get_by_role("link", name="Au plus tôt").click()
    page.get_by_role("button", name="Valider").wait_for()


def add_what_cannot_be_accepted(page: Page) -> None:
    """Choose a file that is no document, without saying what it is."""
    page.get_by_label("Fichiers").set_input_files(
        [{"name": "Lettre.docx", "mimeType": "application/msword", "buffer": b"PK"}]
    )
    page.get_by_role("button", name="Ajouter la pièce").click()


def change_a_paper(page: Page) -> None:
    page.get_by_role("link", name="Modifier Carte nationale d’identité").click()
    page.get_by_role("button", name="Enregistrer").wait_for()


def remove_a_paper(page: Page) -> None:
    page.get_by_role("link", name="Supprimer Carte nationale d’identité").click()
    page.get_by_role("button", name="Supprimer la pièce").wait_for()


def step_back(page: Page) -> None:
    """Go to the request as it was before its last event."""
    page.get_by_role("link", name="Événement précédent").click()
    page.get_by_role("heading", name="Telle qu’enregistrée").wait_for()


def look_for_another_moment(page: Page) -> None:
    """Open the form of the instant to look back to, and leave it empty."""
    page.get_by_text("Relire à une autre date").click()
    page.get_by_role("button", name="Relire à cette date").click()
    page.get_by_role("heading", name="Il y a un problème").wait_for()


def search_the_journal(page: Page) -> None:
    """Look for the readings of a request that nobody filed."""
    page.get_by_text("Chercher dans le journal").click()
    page.get_by_label("Référence de la demande").fill("nothing")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("heading", name="Il y a un problème").wait_for()


def decide_too_late(page: Page) -> None:
    """Decide from a page that is older than the last events of the request."""
    page.get_by_label("Refuser", exact=True).check()
    page.get_by_label("Motifs", exact=True).fill("La filiation n’est pas établie.")
    page.locator("main input[name=seen]").evaluate("field => { field.value = 1; }")
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.get_by_role("heading", name="Depuis que vous avez ouvert cette page").wait_for()


def refuse_an_erasure(page: Page) -> None:
    page.get_by_role("button", name="Voir ce qui serait effacé").click()
    page.get_by_role("heading", name="Il y a un problème").wait_for()


def prepare_an_erasure(page: Page) -> None:
    """Ask what would go with the request whose reference the address ends with."""
    page.get_by_label("Référence de la demande").fill(page.url.partition("#")[2])
    page.get_by_label("la personne concernée").check()
    page.get_by_label("Référence du visa").fill("DPO-2026-014")
    page.get_by_role("button", name="Voir ce qui serait effacé").click()
    page.get_by_role("heading", name="Confirmer l’effacement").wait_for()


LOOKS = (
    Look("public-home", "/"),
    Look("public-accounts", "/connexion"),
    Look("public-accounts-refused", "/connexion", then=sign_in_empty_handed, picture=False),
    Look("public-accounts-signed-out", "/deconnexion", picture=False),
    Look("public-statements-accessibility", "/accessibilite"),
    Look("public-statements-personal-data", "/donnees-personnelles"),
    Look("public-errors-unknown", "/nowhere"),
    Look("public-home-reference", "/reference", "camille", picture=False),
    Look("public-procedures", "/demarches"),
    Look("public-procedures-presentation", "/demarches/acte-de-naissance"),
    Look("public-procedures-form", "/demarches/acte-de-naissance", "camille"),
    Look("public-procedures-refused", "/demarches/acte-de-naissance", "camille", then=go_on, picture=False),
    Look("public-procedures-summary", "/demarches/acte-de-naissance", "camille", then=answer_the_form),
    Look("citizen-home", "/espace", "camille"),
    Look("citizen-home-new", "/espace", "nadia"),
    Look("citizen-requests", "/espace/demandes", "camille"),
    Look("citizen-requests-none", "/espace/demandes", "nadia", picture=False),
    Look("citizen-requests-archived", "/espace/demandes/archivees", "camille"),
    Look("citizen-requests-archived-none", "/espace/demandes/archivees", "nadia", picture=False),
    Look("citizen-requests-cancelled", "/demandes/{cancelled}/demande", "camille", picture=False),
    Look("citizen-requests-to-do", "/demandes/{correcting}/historique", "camille"),
    Look("citizen-requests-correction", "/demandes/{correcting}/complement", "camille"),
    Look(
        "citizen-requests-correction-refused",
        "/demandes/{correcting}/complement",
        "camille",
        then=send_back_nothing,
        picture=False,
    ),
    Look("citizen-requests-cancellation", "/demandes/{correcting}/annulation", "camille"),
    Look("citizen-requests-decided", "/demandes/{decided}/demande", "camille"),
    Look("citizen-appointments", "/espace/rendez-vous", "camille"),
    Look("citizen-appointments-none", "/espace/rendez-vous", "nadia", picture=False),
    Look("citizen-requests-appointments", "/demandes/{meeting}/rendez-vous", "camille"),
    Look("citizen-requests-appointments-none", "/demandes/{decided}/rendez-vous", "camille", picture=False),
    Look("citizen-requests-appointment-times", "/demandes/{meeting}/rendez-vous", "camille", then=move_a_meeting),
    Look("citizen-requests-appointment-chosen", "/demandes/{meeting}/rendez-vous", "camille", then=choose_a_time),
    Look(
        "citizen-requests-appointment-no-times",
        "/demandes/{decided}/rendez-vous/nouveau?semaine=2026-12-28&creneau=2026-12-28T05:00:00Z",
        "camille",
        picture=False,
    ),
    Look("staff-requests-appointments", "/agents/demandes/{meeting}/rendez-vous", "dominique"),
    Look(
        "staff-requests-appointment-times",
        "/agents/demandes/{meeting}/rendez-vous/{appointment}/modification",
        "dominique",
        picture=False,
    ),
    Look(
        "staff-requests-appointment-dropped",
        "/agents/demandes/{meeting}/rendez-vous/{appointment}/annulation",
        "dominique",
    ),
    Look("citizen-requests-filed", "/demandes/{waiting}/deposee", "camille"),
    Look("citizen-requests-applicant", "/demandes/{waiting}/demandeur", "camille"),
    Look("citizen-requests-request", "/demandes/{waiting}/demande", "camille"),
    Look("citizen-requests-history", "/demandes/{answered}/historique", "camille"),
    Look("citizen-requests-exchanges", "/demandes/{waiting}/echanges", "camille"),
    Look("citizen-requests-exchanges-none", "/demandes/{latest}/echanges", "camille", picture=False),
    Look("citizen-requests-attachments", "/demandes/{answered}/pieces", "camille"),
    Look("citizen-requests-attachments-none", "/demandes/{latest}/pieces", "camille", picture=False),
    Look("citizen-requests-attachment-new", "/demandes/{waiting}/pieces/ajouter", "camille"),
    Look(
        "citizen-requests-attachment-refused",
        "/demandes/{waiting}/pieces/ajouter",
        "camille",
        then=add_what_cannot_be_accepted,
    ),
    Look("citizen-requests-attachment-changed", "/demandes/{waiting}/pieces", "camille", then=change_a_paper),
    Look("citizen-requests-attachment-removed", "/demandes/{waiting}/pieces", "camille", then=remove_a_paper),
    Look("citizen-exchanges", "/espace/echanges", "camille"),
    Look("citizen-exchanges-none", "/espace/echanges", "nadia", picture=False),
    Look("staff-queue", "/agents/", "dominique"),
    Look("staff-queue-elsewhere", "/agents/", "alex", picture=False),
    Look("staff-queue-mine", "/agents/?qui=moi", "dominique", picture=False),
    Look("staff-queue-state", "/agents/?etat=refusees", "dominique", picture=False),
    Look("staff-queue-unknown", "/agents/?reference=nothing", "dominique", picture=False),
    Look("staff-queue-archives", "/agents/archives", "dominique"),
    Look("staff-requests-decision", "/agents/demandes/{waiting}/decision", "dominique"),
    Look("staff-requests-overtaken", "/agents/demandes/{waiting}/decision", "dominique", then=decide_too_late),
    Look("staff-requests-not-now", "/agents/demandes/{cancelled}/decision", "dominique", picture=False),
    Look("staff-requests-correction", "/agents/demandes/{waiting}/complement", "dominique"),
    Look("staff-requests-assignment", "/agents/demandes/{waiting}/affectation", "dominique"),
    Look("staff-requests-notes", "/agents/demandes/{waiting}/notes", "dominique"),
    Look("staff-requests-notes-none", "/agents/demandes/{cancelled}/notes", "dominique", picture=False),
    Look("staff-erasures", "/agents/effacements", "alex"),
    Look("staff-erasures-refused", "/agents/effacements", "alex", then=refuse_an_erasure, picture=False),
    Look("staff-erasures-preview", "/agents/effacements#{waiting}", "alex", then=prepare_an_erasure),
    Look("audit-home", "/audit/", "ines"),
    Look("staff-mails", "/agents/courriels", "alex"),
    Look("staff-letters", "/agents/courriers", "dominique"),
    Look("staff-letters-letter", "/agents/courriers/{letter}", "dominique", picture=False),
    Look("staff-requests-history", "/agents/demandes/{waiting}/historique", "dominique"),
    Look("staff-requests-exchanges", "/agents/demandes/{waiting}/echanges", "dominique"),
    Look("staff-requests-attachments", "/agents/demandes/{waiting}/pieces", "dominique"),
    Look("audit-requests-attachments", "/audit/demandes/{answered}/pieces", "ines", picture=False),
    Look("audit-requests-events", "/audit/demandes/{answered}/evenements", "ines"),
    Look("audit-requests-past", "/audit/demandes/{answered}/echanges", "ines", then=step_back),
    Look("audit-requests-not-yet", "/audit/demandes/{answered}/echanges?au=2020-01-01", "ines", picture=False),
    Look(
        "audit-requests-moment-refused",
        "/audit/demandes/{answered}/demande",
        "ines",
        then=look_for_another_moment,
        picture=False,
    ),
    Look("audit-requests-erased", "/audit/demandes/{erased}/historique", "ines", picture=False),
    Look("audit-requests-erased-events", "/audit/demandes/{erased}/evenements", "ines"),
    Look("audit-accesses", "/audit/consultations", "ines"),
    Look("audit-accesses-refused", "/audit/consultations", "ines", then=search_the_journal, picture=False),
    Look("staff-accesses", "/agents/consultations", "alex", picture=False),
    Look("audit-requests-history", "/audit/demandes/{answered}/historique", "ines", picture=False),
    Look("audit-requests-exchanges", "/audit/demandes/{waiting}/echanges", "ines", picture=False),
    Look("public-procedures-without-account", "/demarches/eclairage-public"),
    Look("public-procedures-code", "/demarches/eclairage-public", then=report_a_lamp, picture=False),
    Look("public-procedures-no-code", "/demarches/eclairage-public", then=report_without_the_code, picture=False),
    Look("public-tracking", "/suivi/rien"),
    Look("citizen-requests-linking-signed-in", "/suivi/{tracking}", "nadia", picture=False),
    Look("citizen-requests-followed", "/suivi/{tracking}"),
    Look("citizen-requests-linking", "/demandes/{followed}/rattachement"),
)
