"""A request as it was on a date: each tab says, at the same door, what it said then (N02)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.requests import (
    AttachedFile,
    AttachmentContent,
    Correction,
    Decision,
    ServiceRequest,
    Status,
)
from espace_citoyen.application import Portal
from espace_citoyen.commands import requests
from espace_citoyen.commands.requests import Deposited
from espace_citoyen.store.erasure import key_deletion
from people import Town
from things import TABS
from visitors import Clock, Page, Visitor

SignedIn = Callable[[str], Visitor]
REPLAY = re.compile(r'<section class="card replay.*?</section>', re.DOTALL)
AS_OF = re.compile(r"[?&]au=[^\"&]*")


def shown(page: Page) -> str:
    """The main part of a page as it reads, the auditor's own way through time aside."""
    main = REPLAY.sub("", page.text.partition("<main")[2].partition("</main>")[0])
    return " ".join(re.sub(r"<[^>]+>", " ", AS_OF.sub("", main)).split())


@dataclass
class Story:
    """A request and what each of its tabs said at several moments of its life."""

    town: Town
    ines: Visitor
    clock: Clock
    request: Deposited
    captured: dict[datetime, dict[str, str]] = field(default_factory=dict)

    def capture(self) -> None:
        """Keep every tab as it reads now, under the instant of the database."""
        self.town.drain()
        with self.town.portal.connection() as connection:
            row = connection.execute("SELECT clock_timestamp() AS now").fetchone()
        assert row
        self.clock.now = now = row["now"]
        self.captured[now] = {tab: shown(page) for tab in TABS if (page := self.tab(tab)).status == 200}

    def tab(self, tab: str, au: str = "") -> Page:
        return self.ines.get(f"/audit/demandes/{self.request.reference}/{tab}{'?au=' + au if au else ''}")


@pytest.fixture
def story(portal: Portal, town: Town, clock: Clock, signed_in: SignedIn) -> Story:
    """Filed, written to, completed, met, decided, archived, reopened, passed on: looked at all along."""
    clock.now = town.at = datetime.now(UTC)  # what is recorded now happens now
    camille, agent, manager = town.camille, town.dominique, town.maud
    told = Story(town, signed_in("ines"), clock, town.files(camille, town.passport))
    request_id = told.request.request_id
    told.capture()
    asked = town.writes(agent, request_id, "Quel est votre nom de naissance ?")
    paper = attaches(portal, town, request_id)
    told.capture()
    town.reads(camille, request_id, asked)
    town.writes(camille, request_id, "Rousseau.")
    slot = books(portal, town, request_id)
    told.capture()
    requests.take_up(portal, at=town.at, actor=agent, request_id=request_id)
    correction = Correction(correction_id=uuid4(), text="Il manque la copie.", missing=("copie",))
    requests.request_correction(portal, at=town.at, actor=agent, request_id=request_id, correction=correction)
    told.capture()
    requests.send_back(
        portal,
        at=town.at,
        actor=camille,
        request_id=request_id,
        correction_id=correction.correction_id,
        answers={"nom": "Rousseau-Vidal"},
    )
    requests.remove_attachment(portal, at=town.at, actor=camille, request_id=request_id, attachment_id=paper)
    requests.cancel_appointment(portal, at=town.at, actor=camille, request_id=request_id, appointment_id=slot)
    told.capture()
    decision = Decision(decision_id=uuid4(), outcome=Status.REFUSED, reasons="Pièce absente.")
    requests.decide(portal, at=town.at, actor=agent, request_id=request_id, decision=decision)
    requests.archive_request(portal, at=town.at, actor=agent, request_id=request_id)
    told.capture()
    requests.reopen(portal, at=town.at, actor=manager, request_id=request_id, reasons="Pièce retrouvée.")
    requests.pass_on(
        portal,
        at=town.at,
        actor=manager,
        request_id=request_id,
        department_id=town.education,
        reasons="Pour vous.",
    )
    told.capture()
    return told


def attaches(portal: Portal, town: Town, request_id: UUID) -> UUID:
    attachment_id = uuid4()
    file = AttachedFile(file_id=uuid4(), name="acte.pdf", media_type="application/pdf", size=4, sha256="0" * 64)
    content = AttachmentContent(kind="Justificatif", title="Acte", files=(file,))
    requests.add_attachment(
        portal,
        at=town.at,
        actor=town.camille,
        request_id=request_id,
        attachment_id=attachment_id,
        content=content,
    )
    return attachment_id


def books(portal: Portal, town: Town, request_id: UUID) -> UUID:
    appointment_id = uuid4()
    monday = town.at + timedelta(days=14 - town.at.weekday())
    wish = town.counter, monday.replace(hour=9, minute=0, second=0, microsecond=0)
    requests.book_appointment(
        portal,
        at=town.at,
        actor=town.camille,
        request_id=request_id,
        appointment_id=appointment_id,
        wish=wish,
    )
    return appointment_id


def test_each_tab_says_what_it_said_then_at_the_same_door(story: Story) -> None:
    assert len({texts["historique"] for texts in story.captured.values()}) == len(story.captured)
    for then, texts in story.captured.items():
        au = then.replace(tzinfo=None).isoformat() + "Z"
        for tab in TABS:
            page = story.tab(tab, au)
            assert page.status == (200 if tab in texts else 404), tab
            if tab in texts:
                assert shown(page) == texts[tab]
                assert "Telle qu’enregistrée le" in page.words


def test_the_head_is_of_then_too(story: Story) -> None:
    moments = list(story.captured)
    heads = [story.captured[each]["demande"] for each in moments]
    for words, head in (
        ("Déposée", 0),
        ("À compléter", 3),
        ("En instruction", 4),
        ("Archivée", 5),
        ("Refusée", 5),
    ):
        assert words in heads[head]
    assert "Service : État civil" in heads[5].replace("\N{NO-BREAK SPACE}", " ")
    assert "Service : Éducation et petite enfance" in heads[6].replace("\N{NO-BREAK SPACE}", " ")
    assert "Non lu" in story.captured[moments[1]]["echanges"]
    assert "Rousseau-Vidal" not in heads[3]
    assert "Rousseau-Vidal" in heads[4]


def test_from_event_to_event_there_and_back(story: Story) -> None:
    page, seen = story.tab("historique"), []
    while "Événement précédent" in page.links:
        page = story.ines.get(page.links["Événement précédent"])
        assert page.status == 200
        seen.append(page.text.count('class="timeline__event"'))
    total = story.tab("historique").text.count('class="timeline__event"')
    assert seen == list(range(total - 1, 0, -1))
    for expected in range(2, total + 1):
        page = story.ines.get(page.links["Événement suivant"])
        assert page.text.count('class="timeline__event"') == expected
    assert "Événement suivant" not in page.links
    assert story.ines.get(page.links["Revenir à aujourd’hui"]).words.count("Telle qu’elle est aujourd’hui") == 1


def test_the_tabs_and_the_files_of_a_past_page_are_of_the_same_instant(story: Story) -> None:
    then = list(story.captured)[1]
    au = then.replace(tzinfo=None).isoformat() + "Z"
    page = story.tab("pieces", au)
    links = {name: href for name, href in page.links.items() if f"/{story.request.reference}/" in href}
    assert {"Le demandeur", "Échanges", "Événements", "acte.pdf"} <= links.keys()
    for name, href in links.items():
        if name not in ("Événement précédent", "Événement suivant", "Revenir à aujourd’hui"):
            assert parse_qs(urlsplit(href).query)["au"] == [au], name


def test_a_date_and_an_hour_of_paris_are_typed_and_lead_to_the_page(story: Story) -> None:
    page = story.tab("echanges")
    address = f"/audit/demandes/{story.request.reference}"
    form = next(form for form in page.forms if form.action == f"{address}/moment")
    typed = form.values | {"day-jour": "2", "day-mois": "3", "day-annee": "2026"}
    assert story.ines.get(form.action, query_string=typed).location == f"{address}/echanges?au=2026-03-02"
    at_ten = story.ines.get(form.action, query_string=typed | {"hour": "10 h"})
    assert at_ten.location == f"{address}/echanges?au=2026-03-02T10:00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"onglet": "echanges"}, "Donnez la date à laquelle relire la demande."),
        ({"day-jour": "31", "day-mois": "2", "day-annee": "2026"}, "Écrivez un jour qui existe"),
        ({"day-jour": "2", "day-mois": "3", "day-annee": "2026", "hour": "25:00"}, "Écrivez une heure"),
    ],
)
def test_what_is_no_moment_is_said_beside_its_field(
    town: Town, signed_in: SignedIn, typed: dict[str, str], said: str
) -> None:
    address = f"/audit/demandes/{town.files(town.camille).reference}/moment"
    page = signed_in("ines").get(address, query_string=typed)
    assert page.status == 422
    assert said in page.words


@pytest.mark.parametrize(
    "au", ["yesterday", "2026-13-01", "0001-01-01T00:00+14:00", "9999-12-31T23:59:59.999999Z", "9" * 400]
)
def test_an_address_with_no_date_in_it_is_answered_with_words(town: Town, signed_in: SignedIn, au: str) -> None:
    reference = town.files(town.camille).reference
    for page in ("historique", "evenements", "export.json"):
        answer = signed_in("ines").get(f"/audit/demandes/{reference}/{page}", query_string={"au": au})
        assert answer.status == 422
        assert "Cette date n’existe dans aucun calendrier." in answer.words


def test_before_the_deposit_there_is_nothing_and_the_page_says_so(town: Town, signed_in: SignedIn) -> None:
    reference, ines = town.files(town.camille).reference, signed_in("ines")
    page = ines.get(f"/audit/demandes/{reference}/echanges?au=2020-01-01")
    assert page.status == 404
    assert "rien n’était encore enregistré de la demande" in page.words
    first = ines.get(page.links["Voir la demande juste après son premier événement"])
    assert first.status == 200
    assert "Après l’événement 1 sur 2" in first.words


def test_the_citizen_and_the_desk_see_today_whatever_the_address_asks(town: Town, signed_in: SignedIn) -> None:
    reference = town.files(town.camille).reference
    for username, door in (("camille", ""), ("dominique", "/agents")):
        page = signed_in(username).get(f"{door}/demandes/{reference}/historique?au=2020-01-01")
        assert page.status == 200
        assert "Telle qu’enregistrée" not in page.words


def test_what_was_erased_is_not_to_be_read_at_any_date(portal: Portal, town: Town, signed_in: SignedIn) -> None:
    filed, ines = town.files(town.camille), signed_in("ines")
    before = portal.stream(filed.request_id)[-1].recorded_at
    request = portal.get(ServiceRequest, filed.request_id)
    request.erase(at=town.at, actor=SYSTEM, reason="person", visa="2026-12")
    portal.record(request, alongside=[key_deletion(request.id)])
    au = before.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    assert ines.get(f"/audit/demandes/{filed.reference}/demandeur?au={au}").status == 410
    left = ines.get(f"/audit/demandes/{filed.reference}/evenements?au={au}")
    assert left.status == 200
    assert "2 événements" in left.words.replace("\N{NO-BREAK SPACE}", " ")
    assert "a effacé la demande" not in left.words
