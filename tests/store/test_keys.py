"""A key for each owner of personal data, under a master key that the database does not hold."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from psycopg import Connection

from espace_citoyen.aggregates.refusals import AlreadyTaken, Erased
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.application import Portal
from espace_citoyen.commands import accounts
from espace_citoyen.demo.cast import CITIZENS, PASSWORD
from espace_citoyen.store.keys import WrongMasterKey, decrypt, encrypt, refuse_wrong_key, rotate
from espace_citoyen.store.migrate import migrate
from people import MONDAY, Town
from streams import filed, submitted
from waiting import wait_until

WRONG = bytes(reversed(range(32)))
NEW = b"\xab" * 32


def owners_of_keys(portal: Portal) -> int:
    with portal.connection() as connection:
        row = connection.execute("SELECT count(*) AS n FROM log.stream_key").fetchone()
    assert row is not None
    count: int = row["n"]
    return count


@pytest.fixture
def with_another_key(database_url: str) -> Callable[[bytes], Portal]:
    return lambda master_key: Portal(database_url, master_key)


def rotate_to(portal: Portal, old: bytes, new: bytes) -> int:
    with portal.connect() as connection, connection.transaction():
        return rotate(connection, old, new)


def test_a_wrong_master_key_refuses_to_migrate(portal: Portal) -> None:
    with pytest.raises(WrongMasterKey):
        migrate(portal.database_url, WRONG)


@pytest.mark.slow
@pytest.mark.parametrize("words", ["migrate", "web", "worker projector", "worker jobs"])
def test_a_wrong_master_key_refuses_to_start(portal: Portal, tmp_path: Path, words: str) -> None:
    settings = {"ENV": "demo", "DATABASE_URL": portal.database_url, "MASTER_KEY": WRONG.hex()}
    ended = subprocess.run(
        [sys.executable, "-m", "espace_citoyen.cli", *words.split(), "--data", str(tmp_path / "data")],
        env={f"ESPACE_CITOYEN_{name}": value for name, value in settings.items()},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 1
    assert "La clé maîtresse n’ouvre pas cette base" in ended.stderr


def test_a_database_that_is_away_has_no_opinion_on_the_master_key(tmp_path: Path) -> None:
    refuse_wrong_key(f"postgresql://nobody@/nothing?host={tmp_path}", WRONG)


def test_a_wrong_master_key_opens_and_writes_nothing(
    portal: Portal, with_another_key: Callable[[bytes], Portal]
) -> None:
    request = filed(portal)
    with with_another_key(WRONG) as impostor:
        for act in (
            lambda: impostor.get(ServiceRequest, request.id),
            lambda: impostor.stream(request.id),
            lambda: impostor.record(submitted()),
            lambda: impostor.keys.claim_id("username", "camille"),
        ):
            with pytest.raises(WrongMasterKey):
                act()
    assert portal.position() == 1
    assert owners_of_keys(portal) == 1


def test_each_owner_has_a_key_of_their_own_and_streams_about_nobody_have_none(portal: Portal, town: Town) -> None:
    requests = [filed(portal) for _ in range(3)]
    keys = portal.keys.open([request.id for request in requests])
    assert len(set(keys.values())) == 3
    assert all(len(key) == 32 for key in keys.values())
    assert portal.get(Department, town.civil).data_key is None
    assert owners_of_keys(portal) == 3


def test_a_key_opens_only_what_was_sealed_under_it_for_that_place() -> None:
    sealed = encrypt(NEW, "à vous".encode(), b"here")
    assert decrypt(NEW, sealed, b"here").decode() == "à vous"
    for key, place, cipher in ((WRONG, b"here", sealed), (NEW, b"there", sealed), (NEW, b"here", sealed[:-1])):
        with pytest.raises(InvalidTag):
            decrypt(key, cipher, place)


def test_the_same_words_are_never_sealed_twice_alike() -> None:
    assert encrypt(NEW, b"oui", b"") != encrypt(NEW, b"oui", b"")


def test_two_births_of_one_owner_share_one_key(portal: Portal) -> None:
    owner = uuid4()
    with ThreadPoolExecutor(4) as executor:
        keys = set(executor.map(portal.keys.create, [owner] * 8))
    assert len(keys) == 1


def test_after_a_rotation_usernames_are_found_requests_open_and_hmacs_are_the_same(
    town: Town, portal: Portal, master_key: bytes, with_another_key: Callable[[bytes], Portal]
) -> None:
    camille = town.camille
    request = town.files(camille)
    hmac = portal.keys.hmac("tracking", "7K3F-9QX2")
    events = bytes_of_events(portal)

    assert rotate_to(portal, master_key, NEW) == owners_of_keys(portal) + 1

    with with_another_key(NEW) as rotated:
        assert accounts.authenticate(rotated, username="CAMILLE", password=PASSWORD) == camille
        assert rotated.get(ServiceRequest, request.request_id).reference == request.reference
        assert rotated.keys.hmac("tracking", "7K3F-9QX2") == hmac
        assert Town(rotated).nadia.id != camille.id
    assert bytes_of_events(portal)[: len(events)] == events
    with pytest.raises(WrongMasterKey):
        migrate(portal.database_url, master_key)


def bytes_of_events(portal: Portal) -> list[bytes]:
    with portal.connection() as connection:
        rows = connection.execute("SELECT state FROM log.portal_events ORDER BY notification_id").fetchall()
    return [row["state"] for row in rows]


def test_a_portal_that_was_not_told_of_the_rotation_reads_and_writes_nothing_more(
    portal: Portal, master_key: bytes
) -> None:
    request = filed(portal)
    rotate_to(portal, master_key, NEW)
    with pytest.raises(WrongMasterKey):
        portal.get(ServiceRequest, request.id)
    with pytest.raises(WrongMasterKey):
        portal.record(submitted())
    assert owners_of_keys(portal) == 1


def test_a_key_asked_for_during_a_rotation_is_not_wrapped_under_the_former_one(
    portal: Portal, master_key: bytes
) -> None:
    filed(portal)
    with portal.connect() as connection, ThreadPoolExecutor(1) as executor:
        with connection.transaction():
            rotate(connection, master_key, NEW)
            asked = executor.submit(portal.record, submitted())
            wait_until(lambda: someone_waits_for_a_lock(connection), "the birth of a key to wait")
        assert isinstance(asked.exception(timeout=5), WrongMasterKey)
    assert owners_of_keys(portal) == 1


def someone_waits_for_a_lock(connection: Connection[Any]) -> bool:
    return connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


def test_a_rotation_from_a_wrong_key_changes_nothing(portal: Portal) -> None:
    request = filed(portal)
    with pytest.raises(WrongMasterKey):
        rotate_to(portal, WRONG, NEW)
    assert portal.get(ServiceRequest, request.id).version == 1


def test_an_owner_whose_key_is_gone_is_never_given_another(portal: Portal) -> None:
    request = filed(portal)
    with portal.connection() as connection:
        connection.execute("DELETE FROM log.stream_key")
    for act in (
        lambda: portal.record(submitted(request.id)),
        lambda: portal.keys.create(request.id),
        lambda: portal.get(ServiceRequest, request.id),
    ):
        with pytest.raises(Erased):
            act()
    assert owners_of_keys(portal) == 0
    assert len(portal.stream(request.id)) == 1


def test_the_username_of_an_erased_space_stays_taken(portal: Portal, town: Town) -> None:
    camille = town.camille
    with portal.connection() as connection:
        connection.execute("DELETE FROM log.stream_key")
    assert accounts.authenticate(portal, username="camille", password=PASSWORD) is None
    with pytest.raises(AlreadyTaken):
        accounts.open_account(
            portal,
            at=MONDAY,
            actor=camille,
            username="Camille",
            password=PASSWORD,
            person=CITIZENS["camille"],
        )
