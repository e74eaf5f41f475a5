"""Appending: raw commits of PostgreSQL, the bare library's save(), our record()."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from benchmark.crowd import BEGINNING, TEXT
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, at_least, interleave, ratios
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.requests import Deposit, ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.demo.cast import CITIZENS
from espace_citoyen.postgres.cluster import wheel_binaries

LONG = 10
"""Events that a stream has before the append that is measured."""

WRITER = Actor(kind=ActorKind.CITIZEN, channel=Channel.WEB, id=uuid4(), name="Camille Morin")
RAW = "INSERT INTO raw.event (topic, state) VALUES ('exchange-sent', convert_to(repeat('x', 700), 'UTF8'));"


class Conversation(Aggregate):
    """What the bare library keeps: the same facts as an exchange of ours, in clear."""

    class Begun(Aggregate.Created):
        reference: str

    class Sent(Aggregate.Event):
        reference: str
        procedure_id: str
        procedure_version: int
        department_id: str
        status: str
        actor_kind: str
        actor_id: str
        actor_name: str
        actor_capacity: str
        channel: str
        exchange_id: str
        side: str
        text: str

    @event(Begun)
    def __init__(self, reference: str) -> None:
        self.reference = reference
        self.exchanges: list[str] = []

    @event(Sent)
    def _sent(self, exchange_id: str) -> None:
        self.exchanges.append(exchange_id)

    def send(self, exchange_id: UUID) -> None:
        some = str(WRITER.id)
        facts = {"reference": self.reference, "procedure_id": some, "procedure_version": 1, "department_id": some}
        facts |= {"status": "submitted", "actor_kind": "citizen", "actor_id": some, "actor_name": WRITER.name}
        facts |= {"actor_capacity": "", "channel": "web", "side": "citizen", "text": TEXT}
        self.trigger_event(self.Sent, exchange_id=str(exchange_id), **facts)


def measure(place: Place) -> list[Row]:
    """Append to streams of ten events: how many a second, and how that compares."""
    url = place.fresh("appends")
    seconds = 1 if place.quick else 2
    with portal_on(url) as portal, closing(_bare(url)) as bare, _raw(url) as script:
        found = interleave(
            place.rounds,
            {
                "one": lambda: _pgbench(url, script, clients=1, seconds=seconds),
                "eight": lambda: _pgbench(url, script, clients=8, seconds=seconds),
                "save": lambda: _save(bare, 50 if place.quick else 200),
                "record": lambda: _record(portal, 50 if place.quick else 200),
            },
        )
    return [
        Row("INSERT nu, 1 client", "/s", found["one"]),
        Row("INSERT nu, 8 clients", "/s", found["eight"]),
        Row("save() de la bibliothèque nue", "/s", found["save"]),
        Row("record()", "/s", found["record"]),
        Row("save() / INSERT nu, 1 client", "rapport", ratios(found["save"], found["one"])),
        Row("record() / save()", "rapport", ratios(found["record"], found["save"]), at_least(0.8)),
    ]


def _rate(acts: list[Callable[[], object]]) -> float:
    began = perf_counter()
    for act in acts:
        act()
    return len(acts) / (perf_counter() - began)


def _record(portal: Portal, times: int) -> float:
    def append(request: ServiceRequest) -> None:
        request.send_exchange(at=BEGINNING, actor=WRITER, exchange_id=uuid4(), text=TEXT)
        portal.record(request)

    requests = [_stream(portal) for _ in range(times)]
    return _rate([lambda request=request: append(request) for request in requests])  # type: ignore[misc]


def _stream(portal: Portal) -> ServiceRequest:
    deposit = Deposit(
        reference="7K3F-9QX2",
        procedure_id=uuid4(),
        procedure_version=1,
        department_id=uuid4(),
        exchanges=True,
        applicant=CITIZENS["camille"],
        answers={"nom": "Morin"},
    )
    request = ServiceRequest.submit(id=uuid4(), at=BEGINNING, actor=WRITER, deposit=deposit)
    for _ in range(LONG - 1):
        request.send_exchange(at=BEGINNING, actor=WRITER, exchange_id=uuid4(), text=TEXT)
    portal.record(request)
    return portal.get(ServiceRequest, request.id)


def _save(bare: Application[UUID], times: int) -> float:
    def append(conversation: Conversation) -> None:
        conversation.send(uuid4())
        bare.save(conversation)

    conversations: list[Conversation] = []
    for _ in range(times):
        begun = Conversation("7K3F-9QX2")
        for _ in range(LONG - 1):
            begun.send(uuid4())
        bare.save(begun)
        conversations.append(bare.repository.get(begun.id))
    return _rate([lambda each=each: append(each) for each in conversations])  # type: ignore[misc]


def _bare(url: str) -> Application[UUID]:
    """Return the library as it comes, with its stock factory, in a schema of its own."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA bare")
    place: dict[str, Any] = conninfo_to_dict(url)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": place["dbname"],
            "POSTGRES_HOST": place["host"],
            "POSTGRES_USER": place["user"],
            "POSTGRES_PASSWORD": "none is asked for",
            "POSTGRES_SCHEMA": "bare",
        }
    )


@contextmanager
def _raw(url: str) -> Iterator[Path]:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA raw")
        connection.execute(
            "CREATE TABLE raw.event (originator_id uuid DEFAULT gen_random_uuid(), originator_version bigserial,"
            " topic text, state bytea, PRIMARY KEY (originator_id, originator_version))"
        )
    script = Path("/tmp/espace-citoyen-bench/raw.sql")
    script.write_text(RAW, encoding="utf-8")
    yield script
    script.unlink()


def _pgbench(url: str, script: Path, *, clients: int, seconds: int) -> float:
    command = ["-n", "-M", "prepared", "-c", clients, "-j", min(clients, 2), "-T", seconds, "-f", script, url]
    ran = subprocess.run(
        [wheel_binaries() / "pgbench", *map(str, command)], stdout=subprocess.PIPE, text=True, check=True
    )
    (rate,) = re.findall(r"tps = ([\d.]+)", ran.stdout)
    return float(rate)
