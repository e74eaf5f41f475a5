"""« Rendez-vous »: booked, moved and cancelled, by the applicant or by the town for them (S30, S35)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from espace_citoyen.aggregates.actor import SYSTEM
from espace_citoyen.aggregates.appointments import Opening, Receives
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import appointments
from espace_citoyen.commands.requests import Deposited
from people import MONDAY, Town, birth_certificate
from visitors import Clock, Visitor

SignedIn = Callable[[str], Visitor]
TUESDAY = MONDAY + timedelta(days=1)
"""Ten o'clock in Paris, while the counter is open."""


@pytest.fixture
def camille(signed_in: SignedIn) -> Visitor:
    return signed_in("camille")


@pytest.fixture
def filed(town: Town, camille: Visitor) -> Deposited:
    """A passport of Camille's: an appointment if she wants."""
    filed = town.files(town.camille, town.passport)
    town.drain()
    return filed


def slot(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


class TestBooking:
    def test_the_first_is_added_from_the_tab(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited, signed_in: SignedIn
    ) -> None:
        tab = f"/demandes/{filed.reference}/rendez-vous"
        page = camille.get(tab)
        assert "Aucun rendez-vous" in page.words
        page = camille.get(page.links["Ajouter"])
        assert page.headings == ["Liste des rendez-vous disponibles"]
        assert "Semaine du lundi 2 au dimanche 8 mars 2026" in page.words
        assert "Valider" not in page.words
        page = camille.get(page.links["mardi 3 mars 2026 à 10 h"])
        for words in ("Votre choix", "mardi 3 mars 2026 à 10 h", "30 minutes", "Hôtel de ville", "Valider"):
            assert words in page.words
        sent = camille.send()
        assert (sent.status, sent.location) == (303, tab)
        said = portal.stream(filed.request_id)[-1].event
        assert isinstance(said, ServiceRequest.AppointmentBooked)
        assert said.slot["starts_at"] == TUESDAY.isoformat()
        town.drain()
        page = camille.follow()
        assert "Rendez-vous pris : mardi 3 mars 2026 à 10 h." in page.words
        assert "À venir mardi 3 mars 2026 à 10 h À venir Hôtel de ville, 30 minutes" in page.words
        assert "Prochain rendez-vous : mardi 3 mars 2026 à 10 h , Hôtel de ville" in page.words
        assert "Ajouter un rendez-vous" not in page.links
        desk = signed_in("dominique").get(f"/agents/demandes/{filed.reference}/historique").words
        assert "mardi 3 mars 2026 à 10 h" in desk

    def test_only_times_to_come_that_are_free_are_listed(
        self, town: Town, camille: Visitor, filed: Deposited
    ) -> None:
        other = town.files(town.nadia, town.passport)
        town.meets(town.nadia, other.request_id, TUESDAY)
        town.drain()
        links = camille.get(f"/demandes/{filed.reference}/rendez-vous/nouveau").links
        assert "mardi 3 mars 2026 à 10 h" not in links
        assert "mardi 3 mars 2026 à 10 h 30" in links
        assert "lundi 2 mars 2026 à 10 h" not in links
        assert "lundi 2 mars 2026 à 10 h 30" in links
        assert "Au plus tôt : lundi 2 mars 2026 à 10 h 30" in links

    def test_weeks_are_addresses_with_arrows(self, camille: Visitor, filed: Deposited) -> None:
        page = camille.get(f"/demandes/{filed.reference}/rendez-vous/nouveau")
        assert "Semaine précédente" not in page.links
        page = camille.get(page.links["Semaine suivante"])
        assert "Semaine du lundi 9 au" in page.words
        page = camille.get(page.links["Semaine précédente"])
        assert "Semaine du lundi 2 au" in page.words
        for nonsense in ("2025-01-01", "hier", "", "9999-12-31", "٢٠٢٦-٠٣-٠٢"):
            assert camille.get(f"/demandes/{filed.reference}/rendez-vous/nouveau?semaine={nonsense}").status == 200
        last = camille.get(f"/demandes/{filed.reference}/rendez-vous/nouveau?semaine=2027-01-01")
        assert "Semaine suivante" not in last.links

    @pytest.mark.parametrize("nonsense", ["", "demain", "2026-03-03T09:00:00", "0001-01-01T00:00:00Z", "9" * 300])
    def test_a_time_that_is_none_is_refused(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited, nonsense: str
    ) -> None:
        address = f"/demandes/{filed.reference}/rendez-vous/nouveau"
        assert camille.get(f"{address}?creneau={nonsense}").status == 200
        before = portal.position()
        page = camille.post(address, agenda=town.counter, creneau=nonsense)
        assert page.status == 422
        assert "Choisissez un des créneaux proposés." in page.words
        assert portal.position() == before

    def test_a_time_that_nobody_offers_is_refused(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited
    ) -> None:
        address = f"/demandes/{filed.reference}/rendez-vous/nouveau"
        camille.get(address)
        before = portal.position()
        page = camille.post(address, agenda=town.counter, creneau=slot(TUESDAY + timedelta(hours=8)))
        assert page.status == 422
        assert "Choisissez un des créneaux proposés." in page.words
        assert camille.post(address, agenda=uuid4(), creneau=slot(TUESDAY)).status == 404
        assert portal.position() == before

    def test_a_time_taken_meanwhile_is_told_and_the_list_drawn_again(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited
    ) -> None:
        address = f"/demandes/{filed.reference}/rendez-vous/nouveau"
        camille.get(f"{address}?creneau={slot(TUESDAY)}")
        other = town.files(town.nadia, town.passport)
        town.meets(town.nadia, other.request_id, TUESDAY)
        before = town.drain()
        page = camille.send()
        assert page.status == 409
        assert "Ce créneau vient d’être pris : choisissez-en un autre." in page.words
        assert "mardi 3 mars 2026 à 10 h 30" in page.links
        assert "Valider" not in page.words
        assert portal.position() == before
        assert "Ce créneau n’est plus libre." in camille.get(f"{address}?creneau={slot(TUESDAY)}").words

    def test_sent_twice_it_is_booked_once(self, portal: Portal, camille: Visitor, filed: Deposited) -> None:
        form = camille.get(f"/demandes/{filed.reference}/rendez-vous/nouveau?creneau={slot(TUESDAY)}").forms[-1]
        camille.send()
        before = portal.position()
        assert camille.post(form.action, _token=False, **form.values).status == 303
        assert portal.position() == before

    def test_a_second_one_is_not_added_beside_one_to_come(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited
    ) -> None:
        address = f"/demandes/{filed.reference}/rendez-vous/nouveau"
        camille.get(f"{address}?creneau={slot(TUESDAY)}")
        town.meets(town.camille, filed.request_id, TUESDAY + timedelta(hours=1))
        before = town.drain()
        page = camille.send()
        assert page.status == 409
        assert "Un rendez-vous est déjà prévu pour cette demande : modifiez-le plutôt." in page.words
        assert portal.position() == before
        assert camille.get(address).location == f"/demandes/{filed.reference}/rendez-vous"

    def test_a_procedure_without_appointments_has_no_page_for_them(
        self, portal: Portal, town: Town, camille: Visitor
    ) -> None:
        plain = town.files(town.camille)
        before = town.drain()
        address = f"/demandes/{plain.reference}/rendez-vous/nouveau"
        assert camille.get(address).status == 404
        camille.get("/reference")
        assert camille.post(address, agenda=town.counter, creneau=slot(TUESDAY)).status == 404
        assert portal.position() == before + 1  # the agenda moved in


class TestMoving:
    @pytest.fixture
    def address(self, town: Town, filed: Deposited) -> str:
        """The page from which Camille's appointment of Tuesday at ten is moved."""
        appointment_id = town.meets(town.camille, filed.request_id, TUESDAY)
        town.drain()
        return f"/demandes/{filed.reference}/rendez-vous/{appointment_id}/modification"

    def test_the_new_one_names_the_former_and_the_former_the_new(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited, address: str
    ) -> None:
        tab = camille.get(f"/demandes/{filed.reference}/rendez-vous")
        assert tab.links["Modifier le rendez-vous du mardi 3 mars 2026 à 10 h"] == address
        page = camille.get(address)
        assert "Rendez-vous actuel : mardi 3 mars 2026 à 10 h , Hôtel de ville." in page.words
        page = camille.get(page.links["jeudi 5 mars 2026 à 11 h 30"])
        assert camille.send().status == 303
        said = portal.stream(filed.request_id)[-1].event
        assert isinstance(said, ServiceRequest.AppointmentMoved)
        town.drain()
        words = camille.follow().words
        assert "Rendez-vous déplacé : jeudi 5 mars 2026 à 11 h 30." in words
        assert "Remplace le rendez-vous du mardi 3 mars 2026 à 10 h" in words
        assert "mardi 3 mars 2026 à 10 h Annulé" in words
        assert "Remplacé par le rendez-vous du jeudi 5 mars 2026 à 11 h 30" in words
        free = camille.get(f"{address}?semaine=2026-03-02")
        assert free.location == f"/demandes/{filed.reference}/rendez-vous"
        again = camille.get(f"/demandes/{filed.reference}/rendez-vous").links
        moving = again["Modifier le rendez-vous du jeudi 5 mars 2026 à 11 h 30"]
        assert "mardi 3 mars 2026 à 10 h" in camille.get(moving).links

    def test_one_moved_by_somebody_else_meanwhile_is_not_moved_again(
        self, portal: Portal, town: Town, camille: Visitor, address: str, signed_in: SignedIn
    ) -> None:
        camille.get(f"{address}?creneau={slot(TUESDAY + timedelta(days=1))}")
        other = signed_in("dominique")
        other.get(f"/agents{address}?creneau={slot(TUESDAY + timedelta(days=2))}")
        assert other.send().status == 303
        before = town.drain()
        page = camille.send()
        assert page.status == 409
        assert portal.position() == before

    def test_past_it_is_not_moved(
        self, portal: Portal, town: Town, filed: Deposited, address: str, clock: Clock, signed_in: SignedIn
    ) -> None:
        clock.passes(days=1, hours=2)
        camille = signed_in("camille")
        assert camille.get(address).location == f"/demandes/{filed.reference}/rendez-vous"
        page = camille.follow()
        assert "Passés mardi 3 mars 2026 à 10 h Passé" in page.words
        assert "Ajouter un rendez-vous" in page.links
        before = portal.position()
        page = camille.post(address, agenda=town.counter, creneau=slot(TUESDAY + timedelta(days=2)))
        assert page.status == 409
        assert "Ce rendez-vous est passé : il ne peut plus être changé." in page.words
        assert portal.position() == before

    @pytest.mark.parametrize("step", ["modification", "annulation"])
    def test_an_unknown_one_is_not_found(self, camille: Visitor, filed: Deposited, step: str) -> None:
        address = f"/demandes/{filed.reference}/rendez-vous/{uuid4()}/{step}"
        assert camille.get(address).status == 404


class TestCancelling:
    def test_it_is_confirmed_first_and_another_may_be_added(
        self, portal: Portal, town: Town, camille: Visitor, filed: Deposited
    ) -> None:
        town.meets(town.camille, filed.request_id, TUESDAY)
        town.drain()
        tab = camille.get(f"/demandes/{filed.reference}/rendez-vous")
        page = camille.get(tab.links["Annuler le rendez-vous du mardi 3 mars 2026 à 10 h"])
        assert page.headings == ["Annuler le rendez-vous"]
        assert camille.send().status == 303
        assert portal.stream(filed.request_id)[-1].kind is ServiceRequest.AppointmentCancelled
        town.drain()
        page = camille.follow()
        assert "Le rendez-vous est annulé" in page.words
        assert "Annulé le 2 mars 2026" in page.words
        assert "Ajouter un rendez-vous" in page.links

    def test_one_that_the_procedure_wants_is_moved_not_cancelled_and_the_reason_is_said(
        self, portal: Portal, town: Town, camille: Visitor
    ) -> None:
        filed = town.files(town.camille, town.wedding)
        town.drain()
        page = camille.get(f"/demandes/{filed.reference}/historique")
        assert "À faire : prendre rendez-vous" in page.words
        assert page.links["Choisir un rendez-vous"] == f"/demandes/{filed.reference}/rendez-vous/nouveau"
        appointment_id = town.meets(town.camille, filed.request_id, TUESDAY)
        before = town.drain()
        page = camille.get(f"/demandes/{filed.reference}/rendez-vous")
        assert "À faire" not in page.words
        assert "vous pouvez le déplacer, pas l’annuler" in page.words
        assert not [name for name in page.links if name.startswith("Annuler le rendez-vous")]
        address = f"/demandes/{filed.reference}/rendez-vous/{appointment_id}/annulation"
        assert camille.get(address).location == f"/demandes/{filed.reference}/rendez-vous"
        page = camille.get(f"/demandes/{filed.reference}/rendez-vous")
        page = camille.post(address)
        assert page.status == 409
        assert "Cette démarche demande un rendez-vous" in page.words
        assert portal.position() == before


class TestAtTheDesk:
    def test_an_agent_books_moves_and_cancels_for_the_citizen(
        self, portal: Portal, town: Town, camille: Visitor, signed_in: SignedIn
    ) -> None:
        filed, dominique = town.files(town.camille), signed_in("dominique")
        assert town.counter
        town.drain()
        tab = f"/agents/demandes/{filed.reference}/rendez-vous"
        page = dominique.get(dominique.get(tab).links["Ajouter"])
        dominique.get(page.links["mardi 3 mars 2026 à 10 h"])
        assert dominique.send().location == tab
        said = portal.stream(filed.request_id)[-1].event
        assert (type(said), said.actor_name) == (ServiceRequest.AppointmentBooked, "Dominique Morel")
        town.drain()
        assert "Rendez-vous proches 1 à venir" in camille.get("/espace").words
        seen = camille.get(f"/demandes/{filed.reference}/rendez-vous")
        assert "Le service a fixé ce rendez-vous." in seen.words
        page = dominique.get(tab)
        page = dominique.get(page.links["Modifier le rendez-vous du mardi 3 mars 2026 à 10 h"])
        dominique.get(page.links["vendredi 6 mars 2026 à 9 h"])
        assert dominique.send().status == 303
        assert portal.stream(filed.request_id)[-1].kind is ServiceRequest.AppointmentMoved
        town.drain()
        page = dominique.get(tab)
        dominique.get(page.links["Annuler le rendez-vous du vendredi 6 mars 2026 à 9 h"])
        assert dominique.send().status == 303
        town.drain()
        assert "Rendez-vous proches 1" not in camille.get("/espace").words

    def test_an_agent_picks_among_the_agendas_of_the_department(
        self, portal: Portal, town: Town, filed: Deposited, signed_in: SignedIn
    ) -> None:
        dominique = signed_in("dominique")
        receives = Receives(
            place="Annexe des Tilleuls",
            step_minutes=90,
            desks=1,
            openings=(Opening(weekday=2, opens=time(14), closes=time(17)),),
        )
        annex = appointments.open_agenda(
            portal, at=MONDAY, actor=SYSTEM, name="Annexe", department_id=town.civil, receives=receives
        )
        town.drain()
        page = dominique.get(f"/agents/demandes/{filed.reference}/rendez-vous/nouveau")
        assert {"Guichet", "Annexe"} <= page.links.keys()
        page = dominique.get(page.links["Annexe"])
        page = dominique.get(page.links["mercredi 4 mars 2026 à 14 h"])
        assert "90 minutes Lieu Annexe des Tilleuls" in page.words
        assert page.forms[-1].values["agenda"] == str(annex)
        assert dominique.send().status == 303
        assert portal.stream(filed.request_id)[-1].event.slot["place"] == "Annexe des Tilleuls"

    def test_without_any_agenda_it_is_said(self, town: Town, signed_in: SignedIn) -> None:
        filed, dominique = town.files(town.camille), signed_in("dominique")
        town.drain()
        page = dominique.get(f"/agents/demandes/{filed.reference}/rendez-vous/nouveau")
        assert "Vos services n’ont pas encore d’agenda" in page.words

    @pytest.mark.parametrize("username", ["samir", "alex", "ines", "nadia"])
    def test_nobody_else_does(
        self, portal: Portal, town: Town, signed_in: SignedIn, filed: Deposited, username: str
    ) -> None:
        appointment_id = town.meets(town.camille, filed.request_id, TUESDAY)
        somebody = signed_in(username)
        position = town.drain()
        for door in ("", "/agents"):
            tab = f"{door}/demandes/{filed.reference}/rendez-vous"
            for path in ("nouveau", f"{appointment_id}/modification", f"{appointment_id}/annulation"):
                assert somebody.get(f"{tab}/{path}").status == 404
                somebody.get("/reference")
                page = somebody.post(f"{tab}/{path}", agenda=town.counter, creneau=slot(TUESDAY))
                assert page.status == 404
        assert portal.position() == position


class TestWhatIsNear:
    def test_the_badge_follows_the_clock_without_any_event(
        self, portal: Portal, town: Town, filed: Deposited, clock: Clock, camille: Visitor, signed_in: SignedIn
    ) -> None:
        town.meets(town.camille, filed.request_id, TUESDAY)
        position = town.drain()
        page = camille.get("/espace")
        assert "Rendez-vous proches 1 à venir" in page.words
        page = camille.get("/espace/rendez-vous")
        assert page.links["mardi 3 mars 2026 à 10 h"] == f"/demandes/{filed.reference}/rendez-vous"
        assert "Hôtel de ville" in page.words
        clock.passes(days=1, seconds=1)
        camille = signed_in("camille")
        page = camille.get("/espace")
        assert "Aucun rendez-vous à venir." in page.words
        assert 'class="badge"' not in page.text
        assert "Aucun rendez-vous à venir" in camille.get("/espace/rendez-vous").words
        assert portal.position() == position

    def test_a_cancelled_one_is_not_near(self, town: Town, filed: Deposited, camille: Visitor) -> None:
        town.meets(town.camille, filed.request_id, TUESDAY)
        town.drain()
        camille.get(f"/demandes/{filed.reference}/annulation")
        camille.send()
        town.drain()
        assert "Aucun rendez-vous à venir." in camille.get("/espace").words


class TestChangesOfHour:
    """An agenda open on the night when the clocks go back: two o'clock comes twice."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock(datetime(2026, 10, 23, 9, 0, tzinfo=UTC))

    @pytest.fixture
    def town(self, portal: Portal, clock: Clock) -> Town:
        return Town(portal, clock.now)

    @pytest.mark.parametrize(
        ("name", "starts_at"),
        [
            ("dimanche 25 octobre 2026 à 2 h (heure d’été)", datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
            ("dimanche 25 octobre 2026 à 2 h (heure d’hiver)", datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
        ],
    )
    def test_each_of_the_two_hours_is_named_and_booked_as_itself(
        self, portal: Portal, town: Town, signed_in: SignedIn, name: str, starts_at: datetime
    ) -> None:
        camille = signed_in("camille")
        night = Receives(
            place="Nuit de l’état civil",
            step_minutes=60,
            desks=1,
            openings=(Opening(weekday=6, opens=time(1), closes=time(5)),),
        )
        agenda_id = appointments.open_agenda(
            portal, at=town.at, actor=SYSTEM, name="Nuit", department_id=town.civil, receives=night
        )
        version = replace(birth_certificate(town.civil), appointments="optional", agenda_id=agenda_id)
        filed = town.files(town.camille, town._procedure("nuit", version))
        town.drain()
        page = camille.get(f"/demandes/{filed.reference}/rendez-vous/nouveau")
        assert len([text for text in page.links if text.startswith("dimanche 25 octobre")]) == 5
        page = camille.get(page.links[name])
        assert "Durée 60 minutes" in page.words
        assert camille.send().status == 303
        assert portal.stream(filed.request_id)[-1].event.slot["starts_at"] == starts_at.isoformat()
        town.drain()
        assert f"Rendez-vous pris : {name}." in camille.follow().words


@pytest.mark.slow
def test_each_gesture_writes_a_mail_so_there_are_ten_in_a_quarter_of_an_hour(
    town: Town, camille: Visitor, clock: Clock, filed: Deposited
) -> None:
    """Whoever files without account follows at once, under an address that they need not have."""
    tab = f"/demandes/{filed.reference}/rendez-vous"
    camille.get(f"{tab}/nouveau?creneau={slot(TUESDAY)}")
    statuses = [camille.send().status]
    for day in range(1, 11):
        town.drain()
        page = camille.get(tab)
        move = next(href for href in page.links.values() if href.endswith("/modification"))
        camille.get(f"{move}?creneau={slot(TUESDAY + timedelta(days=day % 2))}")
        statuses.append(camille.send().status)
    assert statuses == [303] * 10 + [429]
    clock.passes(minutes=15, seconds=1)
    assert camille.get(move).status == 200
    camille.get(f"{move}?creneau={slot(TUESDAY + timedelta(days=2))}")
    assert camille.send().status == 303
