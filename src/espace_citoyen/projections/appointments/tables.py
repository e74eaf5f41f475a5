"""The tables of agendas, their places and the appointments of requests, and what each event changes in them."""

from collections.abc import Iterable

from psycopg.types.json import Jsonb

from espace_citoyen.aggregates.appointments import Agenda, Slot
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.requests.appointments import slot_of
from espace_citoyen.projections.changes import Change
from espace_citoyen.projections.folding import fold
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import Statement

# An appointment is its `holder_id`'s: the account's, or the request's own while it has no account. The partial
# index holds those that stand, by time, so that a badge costs what it shows.
TABLES = """
CREATE TABLE agenda (
    agenda_id uuid PRIMARY KEY,
    name text NOT NULL,
    name_folded text NOT NULL,
    department_id uuid NOT NULL,
    place text NOT NULL,
    step_minutes integer NOT NULL,
    desks integer NOT NULL,
    openings jsonb NOT NULL
);
CREATE TABLE slot (
    slot_id uuid PRIMARY KEY,
    agenda_id uuid NOT NULL,
    desk integer NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    taken boolean NOT NULL
);
CREATE INDEX slot_taken_idx ON slot (agenda_id, starts_at) WHERE taken;
CREATE TABLE appointment (
    request_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    agenda_id uuid NOT NULL,
    slot_id uuid NOT NULL,
    place text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    PRIMARY KEY (request_id, appointment_id)
);
CREATE INDEX appointment_upcoming_idx ON appointment (holder_id, starts_at) WHERE cancelled_at IS NULL;
"""

_OPEN = """
INSERT INTO slot (slot_id, agenda_id, desk, starts_at, ends_at, taken)
SELECT f.*, false FROM unnest(%s::uuid[], %s::uuid[], %s::integer[], %s::timestamptz[], %s::timestamptz[]) AS f
"""
_TAKE = """
UPDATE slot SET taken = f.taken FROM unnest(%s::uuid[], %s::boolean[]) AS f (id, taken) WHERE slot_id = f.id
"""
_BOOK = """
INSERT INTO appointment (request_id, appointment_id, holder_id, agenda_id, slot_id, place, starts_at, ends_at)
SELECT r.request_id, f.appointment, coalesce(r.account_id, r.request_id), f.agenda, f.slot, f.place,
    f.starts, f.ends
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    AS f (request, appointment, agenda, slot, place, starts, ends)
JOIN request r ON r.request_id = f.request
"""
_CANCEL = """
UPDATE appointment SET cancelled_at = f.at
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[]) AS f (request, appointment, at)
WHERE request_id = f.request AND appointment_id = f.appointment
"""
_LINK = """
UPDATE appointment SET holder_id = f.account FROM unnest(%s::uuid[], %s::uuid[]) AS f (request, account)
WHERE request_id = f.request
"""
_ERASE = "DELETE FROM appointment WHERE request_id = ANY(%s::uuid[])"


def _agenda_opened(event: RecordedEvent) -> Iterable[Statement]:
    said = event.event
    yield (
        "INSERT INTO agenda (agenda_id, name, name_folded, department_id, place, step_minutes, desks, openings)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.stream_id,
            said.name,
            fold(said.name),
            said.department_id,
            said.place,
            said.step_minutes,
            said.desks,
            Jsonb(said.openings),
        ),
    )


def _slot_opened(event: RecordedEvent) -> Iterable[Change]:
    said = event.event
    yield Change(_OPEN, (event.stream_id, said.agenda_id, said.desk, said.starts_at, said.ends_at))


def _slot_taken(event: RecordedEvent) -> Iterable[Change]:
    yield Change(_TAKE, (event.stream_id, event.kind is Slot.Booked))


def _booked(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        slot = slot_of(said.slot)
        where = (slot.agenda_id, slot.slot_id, slot.place, slot.starts_at, slot.ends_at)
        yield Change(_BOOK, (event.stream_id, said.appointment_id, *where))


def _moved(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(_CANCEL, (event.stream_id, said.former_id, said.timestamp))
        yield from _booked(event)


def _cancelled(event: RecordedEvent) -> Iterable[Change]:
    said = event.envelope
    yield Change(_CANCEL, (event.stream_id, said["appointment_id"], said["at"]))


def _linked(event: RecordedEvent) -> Iterable[Change]:
    if said := event.event:
        yield Change(_LINK, (event.stream_id, said.citizen_id))


def _erased(event: RecordedEvent) -> Iterable[Change]:
    yield Change(_ERASE, (event.stream_id,))


HANDLERS = {
    Agenda.Opened: _agenda_opened,
    Slot.Opened: _slot_opened,
    Slot.Booked: _slot_taken,
    Slot.Freed: _slot_taken,
    ServiceRequest.AppointmentBooked: _booked,
    ServiceRequest.AppointmentMoved: _moved,
    ServiceRequest.AppointmentCancelled: _cancelled,
    ServiceRequest.LinkedToAccount: _linked,
    ServiceRequest.Erased: _erased,
}
