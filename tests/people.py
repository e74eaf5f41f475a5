"""One cast of people for every test: those of the demo. Actors to decide with, and a town to move into."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from uuid import UUID, uuid4

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import SYSTEM, Actor, ActorKind, Channel, Role
from espace_citoyen.aggregates.appointments import Opening, Receives
from espace_citoyen.aggregates.procedures import Answer, FormField, ProcedureVersion
from espace_citoyen.aggregates.requests import Correction, Decision, Status
from espace_citoyen.aggregates.staff import StaffProfile
from espace_citoyen.application import Portal
from espace_citoyen.commands import accounts, appointments, procedures, requests, staff
from espace_citoyen.commands.requests import Deposited, Filing
from espace_citoyen.demo.cast import CITIZENS, CIVIL, DEPARTMENTS, EDUCATION, PASSWORD, STAFF
from espace_citoyen.projections import model

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Ten o'clock on a Monday in Paris: when nothing else is said, this is when it happens."""

DEPARTMENT_IDS = {CIVIL: UUID(int=101), EDUCATION: UUID(int=102)}
"""The ids of departments where there is no database to have given any."""

CAST = STAFF | {"maud": ("Maud Lenoir", "Responsable de l’état civil", (CIVIL,), (Role.AGENT, Role.MANAGER))}
"""Who works for the town: those of the demo, and a manager of « État civil »."""

CAMILLE_PERSON, NADIA_PERSON = CITIZENS["camille"], CITIZENS["nadia"]


def _citizen(number: int, person: Person) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, channel=Channel.WEB, id=UUID(int=number), name=person.full_name)


def _staff(number: int, username: str) -> Actor:
    name, capacity, works_for, roles = CAST[username]
    return Actor(
        kind=ActorKind.STAFF,
        channel=Channel.WEB,
        id=UUID(int=number),
        name=name,
        capacity=capacity,
        departments=frozenset(DEPARTMENT_IDS[each] for each in works_for),
        roles=frozenset(roles),
    )


CAMILLE, NADIA = _citizen(1, CAMILLE_PERSON), _citizen(2, NADIA_PERSON)
DOMINIQUE, SAMIR, ALEX, INES = (
    _staff(number, username) for number, username in enumerate(("dominique", "samir", "alex", "ines"), start=3)
)
A_PASSER_BY = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB)
"""Somebody with a link, to no request of ours."""


def birth_certificate(
    department_id: UUID = DEPARTMENT_IDS[CIVIL],
    *,
    number: int = 1,
    exchanges: bool = True,
    fields: tuple[FormField, ...] = (FormField(name="nom", label="Nom de naissance", required=True),),
) -> ProcedureVersion:
    """A version of the procedure that most requests of the tests are for."""
    return ProcedureVersion(
        number=number,
        title="Demande d’acte de naissance",
        area=CIVIL,
        summary="Recevez chez vous la copie d’un acte de naissance.",
        department_id=department_id,
        fields=fields,
        exchanges=exchanges,
        account_required=True,
    )


class Town:
    """A town in a database. Everybody and everything moves in, through commands, when first mentioned."""

    def __init__(self, portal: Portal, at: datetime = MONDAY) -> None:
        self.portal = portal
        self.at = at

    @cached_property
    def camille(self) -> Actor:
        return self._citizen("camille")

    @cached_property
    def nadia(self) -> Actor:
        return self._citizen("nadia")

    @cached_property
    def dominique(self) -> Actor:
        return self._staff("dominique")

    @cached_property
    def samir(self) -> Actor:
        return self._staff("samir")

    @cached_property
    def alex(self) -> Actor:
        return self._staff("alex")

    @cached_property
    def ines(self) -> Actor:
        return self._staff("ines")

    @cached_property
    def maud(self) -> Actor:
        return self._staff("maud")

    @cached_property
    def civil(self) -> UUID:
        """The department « État civil », Dominique's."""
        return self._department(CIVIL)

    @cached_property
    def education(self) -> UUID:
        """The department « Éducation et petite enfance », Samir's."""
        return self._department(EDUCATION)

    @cached_property
    def birth_certificate(self) -> UUID:
        """A procedure of « État civil » with exchanges: one required question, `nom`."""
        return self._procedure("acte-de-naissance", birth_certificate(self.civil))

    @cached_property
    def family_book(self) -> UUID:
        """A procedure of « État civil » without exchanges."""
        return self._procedure("livret-de-famille", birth_certificate(self.civil, exchanges=False))

    @cached_property
    def school(self) -> UUID:
        """A procedure of « Éducation et petite enfance » with exchanges."""
        return self._procedure("inscription-scolaire", birth_certificate(self.education))

    @cached_property
    def counter(self) -> UUID:
        """An agenda of « État civil »: one desk, every morning from Monday to Friday, half an hour at a time."""
        openings = tuple(Opening(weekday=day, opens=time(9), closes=time(12)) for day in range(5))
        receives = Receives(place="Hôtel de ville", step_minutes=30, desks=1, openings=openings)
        return appointments.open_agenda(
            self.portal, at=self.at, actor=SYSTEM, name="Guichet", department_id=self.civil, receives=receives
        )

    @cached_property
    def identity_card(self) -> UUID:
        """A procedure of « État civil » that needs no account, with exchanges; an appointment if one wants."""
        version = birth_certificate(self.civil)
        open_to_all = replace(version, account_required=False, appointments="optional", agenda_id=self.counter)
        return self._procedure("carte-d-identite", open_to_all)

    @cached_property
    def passport(self) -> UUID:
        """A procedure of « État civil » with exchanges and, if one wants, an appointment; it needs an account."""
        version = replace(birth_certificate(self.civil), appointments="optional", agenda_id=self.counter)
        return self._procedure("passeport", version)

    @cached_property
    def wedding(self) -> UUID:
        """A procedure of « État civil » that goes with an appointment, whatever one wants."""
        version = replace(birth_certificate(self.civil), appointments="mandatory", agenda_id=self.counter)
        return self._procedure("mariage", version)

    def files(
        self,
        who: Actor,
        procedure_id: UUID | None = None,
        *,
        answers: dict[str, Answer] | None = None,
        at: datetime | None = None,
    ) -> Deposited:
        """Somebody files a request, a birth certificate when nothing else is said."""
        filing = Filing(
            uuid4(),
            procedure_id or self.birth_certificate,
            1,
            CAMILLE_PERSON if who is self.camille else NADIA_PERSON,
            answers or {"nom": "Rousseau"},
        )
        return requests.deposit_request(self.portal, at=at or self.at, actor=who, filing=filing)

    def files_without_account(self, procedure_id: UUID | None = None) -> tuple[Deposited, Actor]:
        """Somebody files a request without an account, for an identity card; they and their request."""
        request_id = uuid4()
        holder = Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=request_id, name=NADIA_PERSON.full_name)
        filing = Filing(request_id, procedure_id or self.identity_card, 1, NADIA_PERSON, {"nom": "Benali"})
        return requests.deposit_request(self.portal, at=self.at, actor=holder, filing=filing), holder

    def writes(
        self, who: Actor, request_id: UUID, text: str = "Bonjour, où en êtes-vous ?", *, at: datetime | None = None
    ) -> UUID:
        """Somebody sends a message about a request; its exchange's id is returned."""
        exchange_id = uuid4()
        message = requests.Message(exchange_id=exchange_id, text=text)
        requests.send_exchange(self.portal, at=at or self.at, actor=who, request_id=request_id, message=message)
        return exchange_id

    def reads(self, who: Actor, request_id: UUID, exchange_id: UUID, *, at: datetime | None = None) -> None:
        """Somebody opens a message."""
        requests.read_exchange(
            self.portal, at=at or self.at, actor=who, request_id=request_id, exchange_id=exchange_id
        )

    def takes_up(self, who: Actor, request_id: UUID, *, at: datetime | None = None) -> None:
        """An agent looks after a request."""
        requests.take_up(self.portal, at=at or self.at, actor=who, request_id=request_id)

    def asks(
        self,
        who: Actor,
        request_id: UUID,
        text: str = "Votre dossier est incomplet.",
        *,
        missing: tuple[str, ...] = (),
        due_on: date | None = None,
    ) -> UUID:
        """An agent who looks after a request asks to complete it; the correction's id is returned."""
        correction = Correction(correction_id=uuid4(), text=text, missing=missing, due_on=due_on)
        requests.request_correction(
            self.portal, at=self.at, actor=who, request_id=request_id, correction=correction
        )
        return correction.correction_id

    def decides(
        self, who: Actor, request_id: UUID, outcome: Status = Status.ACCEPTED, reasons: str = "", **when: datetime
    ) -> None:
        """An agent who looks after a request decides."""
        decision = Decision(decision_id=uuid4(), outcome=outcome, reasons=reasons)
        at = when.get("at", self.at)
        requests.decide(self.portal, at=at, actor=who, request_id=request_id, decision=decision)

    def meets(self, who: Actor, request_id: UUID, starts_at: datetime, agenda_id: UUID | None = None) -> UUID:
        """Somebody books an appointment for a request, at the counter; the appointment's id is returned."""
        appointment_id = uuid4()
        requests.book_appointment(
            self.portal,
            at=self.at,
            actor=who,
            request_id=request_id,
            appointment_id=appointment_id,
            wish=(agenda_id or self.counter, starts_at),
        )
        return appointment_id

    def drain(self) -> int:
        """Project everything recorded so far, as the worker would; the position reached is returned."""
        with self.portal.connection() as connection:
            return model.catch_up(self.portal, connection)

    def _department(self, name: str) -> UUID:
        contact = DEPARTMENTS[name]
        return staff.open_department(self.portal, at=self.at, actor=SYSTEM, name=name, contact=contact)

    def _procedure(self, slug: str, version: ProcedureVersion) -> UUID:
        return procedures.open_procedure(self.portal, at=self.at, actor=SYSTEM, slug=slug, version=version)

    def _citizen(self, username: str) -> Actor:
        account_id = accounts.open_account(
            self.portal,
            at=self.at,
            actor=SYSTEM,
            username=username,
            password=PASSWORD,
            person=CITIZENS[username],
        )
        return accounts.actor_of(self.portal, kind="account", holder_id=account_id)

    def _staff(self, username: str) -> Actor:
        name, capacity, works_for, roles = CAST[username]
        departments = {CIVIL: lambda: self.civil, EDUCATION: lambda: self.education}
        profile = StaffProfile(
            name=name,
            capacity=capacity,
            email=f"{username}@valombre.invalid",
            departments=frozenset(departments[each]() for each in works_for),
            roles=frozenset(roles),
        )
        member_id = staff.register_staff(
            self.portal, at=self.at, actor=SYSTEM, username=username, password=PASSWORD, profile=profile
        )
        return accounts.actor_of(self.portal, kind="staff", holder_id=member_id)
