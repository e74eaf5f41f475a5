"""The six tabs of a request, and a long history as it was on a date."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

from benchmark.browser import Browser
from benchmark.crowd import BEGINNING, TEXT, Desk, Load, converse, request
from benchmark.pages import reading
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, at_most, interleave, ratios
from benchmark.site import site
from benchmark.towns import Neighbour, give, move_in, settle
from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.appointments import Opening, Receives
from espace_citoyen.aggregates.requests import AttachedFile, AttachmentContent, BookedSlot
from espace_citoyen.application import Portal
from espace_citoyen.commands.appointments import open_agenda
from espace_citoyen.dates import machine
from espace_citoyen.projections import model

TABS = {
    "demandeur": "Le demandeur",
    "demande": "La demande",
    "historique": "Historique",
    "echanges": "Échanges",
    "pieces": "Pièces jointes",
    "rendez-vous": "Rendez-vous",
}
LONG = 1000


def measure_tabs(place: Place) -> list[Row]:
    """Read each tab of a request of ten events, in turn with the reference page."""
    with portal_on(place.fresh("pages")) as portal:
        desk, reader = settle(portal), move_in(portal, "voisine")
        reference = _with_everything(portal, desk, reader)
    times = 3 if place.quick else 10
    with site(place.url("pages")) as running, running.signed_in(reader.username) as browser:
        reads = {tab: reading(browser, f"/demandes/{reference}/{tab}", times=times) for tab in TABS}
        reads["reference"] = reading(browser, "/reference", times=times)
        found = interleave(place.rounds, reads)
    return [
        Row("page de référence, 1 client", "ms", found["reference"]),
        *(
            Row(f"onglet « {name} » / page de référence", "rapport", ratios(found[tab], found["reference"]))
            for tab, name in TABS.items()
        ),
    ]


def measure_as_of(place: Place) -> list[Row]:
    """Read a thousand events as the auditor does: as they are, and as they were when the last was recorded."""
    with portal_on(place.fresh("pages")) as portal:
        desk, reader = settle(portal), move_in(portal, "voisine")
        give(portal, desk, reader, [LONG], read=False)
        last = max(event.recorded_at for event in portal.after(0, 10**6))
    path = f"/audit/demandes/{reader.references[0]}/historique"
    paths = {"now": path, "then": f"{path}?au={machine(last + timedelta(seconds=1))}"}
    with site(place.url("pages")) as running, running.signed_in("ines") as browser:
        for each in paths.values():
            _must_be_whole(browser, each)
        times = 3 if place.quick else 8
        found = interleave(
            place.rounds, {name: reading(browser, each, times=times) for name, each in paths.items()}
        )
    return [
        Row(f"« Historique » de {LONG} événements, auditeur", "ms", found["now"]),
        Row(f"le même à une date passée, {LONG} événements", "ms", found["then"]),
        Row("à une date passée / « Historique »", "rapport", ratios(found["then"], found["now"]), at_most(1.5)),
    ]


def _must_be_whole(browser: Browser, path: str) -> None:
    browser.get(path)
    shown = browser.page.count('class="timeline__event"')
    if shown != LONG:
        raise AssertionError(f"{shown} of {LONG} events are on {path}")


def _with_everything(portal: Portal, desk: Desk, reader: Neighbour) -> str:
    """File a request of ten events, of every kind, with an appointment to come; return its reference."""
    opening = Opening(weekday=0, opens=time(9), closes=time(12))
    receives = Receives(place="Hôtel de ville", step_minutes=20, desks=1, openings=(opening,))
    agenda_id = open_agenda(
        portal, at=BEGINNING, actor=SYSTEM, name="Accueil", department_id=desk.department_id, receives=receives
    )
    filed, claim = request(portal, desk, reader.actor, BEGINNING, agenda_id=agenda_id)
    file = AttachedFile(
        file_id=uuid4(), name="acte.pdf", media_type="application/pdf", size=9000, sha256="ab" * 32
    )
    paper = AttachmentContent(kind="Autre pièce", title="Acte de naissance", note=TEXT, files=(file,))
    filed.add_attachment(at=BEGINNING, actor=reader.actor, attachment_id=uuid4(), content=paper)
    filed.book_appointment(at=BEGINNING, actor=reader.actor, appointment_id=uuid4(), slot=_next_week(agenda_id))
    converse(filed, desk, reader.actor, events=10 - filed.version)
    load = Load(portal)
    load.add(filed, claim)
    with portal.connect() as connection:
        load.write(connection)
        model.catch_up(portal, connection)
    return filed.reference


def _next_week(agenda_id: UUID) -> BookedSlot:
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    ends_at = starts_at + timedelta(minutes=20)
    return BookedSlot(
        slot_id=uuid4(), agenda_id=agenda_id, place="Hôtel de ville", starts_at=starts_at, ends_at=ends_at
    )
