"""The loop that keeps the read model up to date, with a real database that comes and goes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.projections import exchanges, model
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import Statement
from espace_citoyen.store.view import position_of
from espace_citoyen.worker.following import Following
from espace_citoyen.worker.projector import Projector
from people import Town
from waiting import wait_until


@contextmanager
def projecting(portal: Portal) -> Iterator[Following]:
    stop = Event()
    following = Following(portal, Projector(), stop)
    thread = Thread(target=following.run)
    thread.start()
    try:
        yield following
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def position(portal: Portal) -> int:
    with portal.connection() as connection:
        return position_of(connection)


def beat(portal: Portal) -> dict[str, Any]:
    with portal.connection() as connection:
        row = connection.execute(
            "SELECT well, detail FROM plain.worker_heartbeat WHERE name = 'projector'"
        ).fetchone()
    assert row is not None
    return row["detail"] | {"well": row["well"]}


def test_an_event_is_projected_as_soon_as_it_is_recorded(town: Town) -> None:
    with projecting(town.portal):
        filed = town.files(town.camille)
        assert town.portal.wait(filed.position)


def test_the_heartbeat_tells_the_position_and_how_far_behind(town: Town) -> None:
    filed = town.files(town.camille)
    with projecting(town.portal):
        assert town.portal.wait(filed.position)
        wait_until(lambda: beat(town.portal)["well"], "the first beat")
        shown = beat(town.portal)
    assert (shown["position"], shown["behind"]) == (filed.position, 0)
    assert shown["delay_ms"] >= 0


def test_a_poisonous_event_stops_it_loudly_just_before_and_a_correction_lets_it_go_on(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filed = town.files(town.camille)
    town.writes(town.dominique, filed.request_id, "mot de passe de Camille")
    poison = town.portal.position()
    town.writes(town.dominique, filed.request_id)
    cured = False

    def takes_ill(event: RecordedEvent) -> Iterable[Statement]:
        if event.position == poison and not cured:
            raise ValueError(event.event.text)
        return exchanges.HANDLERS[ServiceRequest.ExchangeSent](event)

    monkeypatch.setitem(model._HANDLERS, ServiceRequest.ExchangeSent, [takes_ill])
    with projecting(town.portal):
        wait_until(lambda: "failed_at" in beat(town.portal), "the projector to stop")
        shown = beat(town.portal)
        assert position(town.portal) == poison - 1
        cured = True
        assert town.portal.wait(town.portal.position(), timeout=5)
        wait_until(lambda: beat(town.portal)["well"], "the projector to be well again")
    assert not shown["well"]
    assert shown["failed_at"] == poison
    assert (shown["topic"], shown["error"]) == ("request:exchange-sent", "ValueError")
    logged = capsys.readouterr().out
    assert f"failed_at={poison}" in logged


def test_a_row_that_the_tables_refuse_stops_it_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipeline the database's refusal comes late, and under another name."""
    filed = town.files(town.camille)
    town.writes(town.dominique, filed.request_id)
    poison = town.portal.position()

    def takes_ill(event: RecordedEvent) -> Iterable[Statement]:
        yield "INSERT INTO exchange (request_id) VALUES (%s)", (event.stream_id,)
        yield "SELECT 1", ()

    monkeypatch.setitem(model._HANDLERS, ServiceRequest.ExchangeSent, [takes_ill])
    with projecting(town.portal):
        wait_until(lambda: "failed_at" in beat(town.portal), "the projector to stop")
        assert beat(town.portal)["failed_at"] == poison
        assert position(town.portal) == poison - 1


def test_a_lost_connection_is_waited_for(town: Town, server_url: str) -> None:
    with projecting(town.portal):
        first = town.files(town.camille)
        assert town.portal.wait(first.position)
        with psycopg.connect(town.portal.database_url, autocommit=True) as connection:
            name = connection.info.dbname
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        second = town.files(town.camille)
        wait_until(lambda: position(town.portal) >= second.position, "the projector to come back")


def test_a_version_without_a_read_model_builds_it_before_anything_else(town: Town) -> None:
    filed = town.files(town.camille)
    with town.portal.connection() as connection:
        connection.execute(f"DROP SCHEMA {town.portal.read_schema} CASCADE")
    with projecting(town.portal):
        wait_until(lambda: model_is_there(town.portal), "the read model")
        assert town.portal.wait(filed.position)


def model_is_there(portal: Portal) -> bool:
    with portal.connection() as connection:
        return model.exists(connection, portal.read_schema)
