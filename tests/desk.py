"""What people at the desk do with a request, in a browser, and how one comes to lie there."""

from uuid import uuid4

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.commands.requests import Filing, deposit_request, find_request
from fix_browser import Site
from hands import Hands
from people import CAMILLE_PERSON, PASSWORD

MISSING = "Il manque une copie."


def files(site: Site) -> str:
    """Camille files once more what she filed before, with Dominique's department; the reference is returned."""
    before = site.portal.get(ServiceRequest, find_request(site.portal, site.references["waiting"]))
    camille = authenticate(site.portal, username="camille", password=PASSWORD)
    assert camille is not None
    filing = Filing(uuid4(), before.procedure_id, 1, CAMILLE_PERSON, before.answers)
    filed = deposit_request(site.portal, at=site.clock.now, actor=camille, filing=filing)
    assert site.portal.wait(filed.position, timeout=20)
    return filed.reference


def opens(agent: Hands, reference: str) -> None:
    """From the queue."""
    agent.arrives("Demandes à traiter")
    if agent.keyboard:
        agent.press("link", "Aller à la liste")
    agent.press("link", f"Voir la demande {reference}")
    agent.arrives(reference)


def takes_up(agent: Hands) -> None:
    agent.press("button", "Prendre en charge")
    agent.is_told("Vous suivez cette demande.")


def notes(agent: Hands) -> None:
    """For the services alone."""
    agent.press("button", "Noter")
    agent.arrives("Notes privées")
    agent.write("Votre note", "Vue au guichet.")
    agent.press("button", "Ajouter cette note")
    agent.is_told("Votre note est ajoutée.")
    agent.press("link", "Revenir à la demande")


def asks_for_a_complement(agent: Hands) -> None:
    agent.press("button", "Demander un complément")
    agent.arrives("Demander un complément")
    agent.write("Ce qu’il faut compléter ou corriger", MISSING)
    agent.press("button", "Demander ce complément")
    agent.is_told("Le complément est demandé.")


def topics(site: Site, reference: str) -> list[str]:
    """What is recorded of a request, in order."""
    return [event.topic.partition(":")[2] for event in site.portal.stream(find_request(site.portal, reference))]


def letters(site: Site, reference: str) -> list[str]:
    """The mails that its events called for, in order."""
    query = "SELECT template FROM plain.outbox WHERE stream_id = %s ORDER BY version"
    with site.portal.connection() as connection:
        found = connection.execute(query, (find_request(site.portal, reference),))
        return [row["template"] for row in found]
