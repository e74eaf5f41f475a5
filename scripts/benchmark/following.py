"""Following the log: how late the read model is, how fast it catches up, how long it takes to build anew."""

from time import perf_counter
from uuid import UUID, uuid4

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from benchmark.crowd import BEGINNING, TEXT, fill
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, at_least, centile
from benchmark.site import site
from benchmark.towns import give, move_in, settle
from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.projections import model
from espace_citoyen.store.view import position_of

CITIZENS = 600
"""About thirty thousand events."""

REBUILT = "read_benchmark"


def measure_lag(place: Place) -> list[Row]:
    """Append one event at a time while the worker runs; look at the read model without pause until it is there."""
    events = 50 if place.quick else 300
    with portal_on(place.fresh("following")) as portal:
        desk, writer = settle(portal), move_in(portal, "voisine")
        give(portal, desk, writer, [10] * events)
        with site(portal.database_url, "serve"), portal.connect() as connection:
            requests = [event.stream_id for event in portal.after(0, 10**6) if event.topic == "request:submitted"]
            lags = [_lag(portal, connection, request, writer.actor) for request in requests[-events:]]
    return [
        Row("retard du modèle de lecture, médiane", "ms", lags),
        Row("retard du modèle de lecture, p95", "ms", [centile(lags, 95)]),
    ]


def measure_catching_up(place: Place) -> list[Row]:
    """Give a log to all the handlers there are, in the batches of a projector that is behind."""
    with portal_on(place.fresh("following")) as portal:
        fill(portal, settle(portal), citizens=CITIZENS // 10 if place.quick else CITIZENS)
        rates = [_catch_up(portal) for _ in range(place.rounds + 1)][1:]
        began = perf_counter()
        rebuilt = model.rebuild(portal) / (perf_counter() - began)
    return [
        Row("rattrapage, tous les traitements", "/s", rates, at_least(8000)),
        Row("modèle de lecture refait", "/s", [rebuilt]),
    ]


def _lag(portal: Portal, connection: Connection[DictRow], request_id: UUID, actor: Actor) -> float:
    request = portal.get(ServiceRequest, request_id)
    request.send_exchange(at=BEGINNING, actor=actor, exchange_id=uuid4(), text=TEXT)
    position = portal.record(request)
    began = perf_counter()
    while position_of(connection) < position:
        pass
    return (perf_counter() - began) * 1000


def _catch_up(portal: Portal) -> float:
    """Fill an empty read model beside the real one, and drop it."""
    with portal.connect() as connection:
        connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(REBUILT)))
        model.create(connection, REBUILT)
        connection.execute(SQL("SET search_path = {}, plain, log").format(Identifier(REBUILT)))
        began = perf_counter()
        position = model.catch_up(portal, connection)
        return position / (perf_counter() - began)
