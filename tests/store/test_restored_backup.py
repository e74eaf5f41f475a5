"""A backup brings back what was erased since; the register, which lives elsewhere, makes it forgotten again."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from espace_citoyen.aggregates.refusals import Erased
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.commands import accounts
from espace_citoyen.commands.erasure import erase, planned, replay
from espace_citoyen.demo.cast import PASSWORD
from espace_citoyen.postgres.cluster import wheel_binaries
from espace_citoyen.projections import home, model
from espace_citoyen.store.erasure import Erasure, Register
from people import Town


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "keys" / "erasures.jsonl")


@pytest.fixture
def backup(portal: Portal, tmp_path: Path) -> Callable[[], Path]:
    def make() -> Path:
        saved = tmp_path / "backup"
        run("pg_dump", "--format=custom", "--file", str(saved), portal.database_url)
        return saved

    return make


@pytest.fixture
def restored(empty_database_url: str, master_key: bytes) -> Iterator[Portal]:
    """A portal on the empty database that the backup goes into."""
    portal = Portal(empty_database_url, master_key)
    yield portal
    portal.close()


def restore(portal: Portal, saved: Path) -> None:
    run("pg_restore", "--exit-on-error", "--dbname", portal.database_url, str(saved))


def run(program: str, *arguments: str) -> None:
    subprocess.run([wheel_binaries() / program, *arguments], check=True)


def line(town: Town, stream_id: UUID | None, kind: str = "request") -> Erasure:
    assert stream_id is not None
    motive = ("person", "DPO-2026-014")
    return planned(at=town.at, actor=town.alex, kind=kind, stream_id=stream_id, motive=motive)


def test_what_was_erased_since_the_backup_is_erased_again(
    town: Town, register: Register, backup: Callable[[], Path], restored: Portal
) -> None:
    kept, gone = town.files(town.camille), town.files(town.nadia)
    town.drain()
    erasures = [line(town, gone.request_id), line(town, town.nadia.id, "account")]
    saved = backup()
    for erasure in erasures:
        erase(town.portal, actor=town.alex, register=register, erasure=erasure)

    restore(restored, saved)
    assert restored.get(ServiceRequest, gone.request_id).reference == gone.reference

    assert replay(restored, register=register) == 2
    assert replay(restored, register=register) == 0
    with pytest.raises(Erased):
        restored.get(ServiceRequest, gone.request_id)
    assert accounts.authenticate(restored, username="nadia", password=PASSWORD) is None
    assert accounts.authenticate(restored, username="camille", password=PASSWORD) == town.camille
    assert restored.get(ServiceRequest, kept.request_id).reference == kept.reference
    assert list(register) == erasures
    with restored.connection() as connection:
        model.catch_up(restored, connection)
        assert home.home(connection, viewer=town.nadia, now=town.at).latest == []
        assert len(home.home(connection, viewer=town.camille, now=town.at).latest) == 1


def test_the_replayed_event_says_the_same_reason_visa_and_time(
    town: Town, register: Register, backup: Callable[[], Path], restored: Portal
) -> None:
    gone = town.files(town.camille).request_id
    erasure = line(town, gone)
    saved = backup()
    erase(town.portal, actor=town.alex, register=register, erasure=erasure)
    restore(restored, saved)
    replay(restored, register=register)
    said = restored.stream(gone)[-1].event
    assert (said.reason, said.visa, said.timestamp) == (erasure.reason, erasure.visa, erasure.at)


def test_an_erasure_cut_off_after_its_registration_is_ended_by_a_replay(town: Town, register: Register) -> None:
    gone = town.files(town.camille).request_id
    register.add(line(town, gone))
    assert replay(town.portal, register=register) == 1
    with pytest.raises(Erased):
        town.portal.get(ServiceRequest, gone)
    assert len(list(register)) == 1


def test_a_line_that_a_crash_cut_short_is_left_out_and_the_next_is_read(
    town: Town, register: Register, tmp_path: Path
) -> None:
    first, second = (line(town, town.files(town.camille).request_id) for _ in range(2))
    register.add(first)
    path = tmp_path / "keys" / "erasures.jsonl"
    path.write_text(path.read_text() + path.read_text()[:40])
    register.add(second)
    assert list(register) == [first, second]


def test_a_register_without_any_erasure_replays_nothing(town: Town, register: Register) -> None:
    assert replay(town.portal, register=register) == 0
