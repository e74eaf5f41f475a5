"""The seal: it says where the log was tampered with, and that it was not when it was not."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from psycopg import Connection

from espace_citoyen.application import Portal
from espace_citoyen.commands import erasure
from espace_citoyen.store import keys, seal
from espace_citoyen.store.erasure import Register
from espace_citoyen.store.seal import Finding, Flaw
from espace_citoyen.store.sealed import seal_of
from people import MONDAY, Town


@dataclass
class Sealed:
    """A request of ten events, sealed, and an owner's connection to tamper with."""

    portal: Portal
    owner: Connection[dict[str, object]]
    request_id: UUID

    def tamper(self, query: str, **named: object) -> None:
        self.owner.execute(query.encode(), {"id": self.request_id} | named)

    def findings(self) -> list[tuple[Flaw, int]]:
        """What is found, as flaw and version, all of it in the request's stream."""
        found = list(seal.verify(self.owner))
        assert {each.stream for each in found} <= {self.request_id}
        assert set(found) == set(seal_of(self.owner, self.request_id).findings)  # the stream alone says the same
        return [(each.flaw, each.version) for each in found]


@pytest.fixture
def sealed(town: Town) -> Iterator[Sealed]:
    filed = town.files(town.camille)
    for number in range(4):
        exchange = town.writes(town.dominique, filed.request_id, f"Message {number}")
        town.reads(town.camille, filed.request_id, exchange)
    with town.portal.connect() as connection:
        while seal.extend(connection, 7):
            pass
        yield Sealed(town.portal, connection, filed.request_id)


def test_every_event_is_sealed_once_and_nothing_is_found(sealed: Sealed) -> None:
    inspection = seal.verify(sealed.owner)
    assert list(inspection) == []
    assert inspection.sealed == sealed.portal.position() == inspection.head
    assert inspection.unsealed == 0
    assert seal.extend(sealed.owner) == 0


def test_one_stream_says_how_far_it_is_sealed_and_under_which_fingerprint(sealed: Sealed, town: Town) -> None:
    before = seal_of(sealed.owner, sealed.request_id)
    assert (before.upto, before.waiting, len(before.fingerprint)) == (10, 0, 64)
    town.writes(town.camille, sealed.request_id, "Merci !")
    since = seal_of(sealed.owner, sealed.request_id)
    assert (since.upto, since.waiting, since.fingerprint) == (10, 1, before.fingerprint)
    while seal.extend(sealed.owner):
        pass
    assert seal_of(sealed.owner, sealed.request_id).fingerprint != before.fingerprint
    filed = town.files(town.nadia)
    unsealed = seal_of(sealed.owner, filed.request_id)
    assert (unsealed.upto, unsealed.waiting, unsealed.fingerprint) == (0, 2, "")


def test_events_recorded_since_are_counted_as_waiting_not_as_wrong(sealed: Sealed, town: Town) -> None:
    town.writes(town.camille, sealed.request_id, "Merci !")
    inspection = seal.verify(sealed.owner)
    assert (list(inspection), inspection.unsealed) == ([], 1)
    assert seal.extend(sealed.owner) == 1
    again = seal.verify(sealed.owner)
    assert (list(again), again.unsealed) == ([], 0)


def test_one_byte_changed_is_found(sealed: Sealed) -> None:
    sealed.tamper(
        "UPDATE log.portal_events SET state = set_byte(state, length(state) / 2, 65)"
        " WHERE originator_id = %(id)s AND originator_version = 5"
    )
    assert sealed.findings() == [(Flaw.ALTERED, 5)]


@pytest.mark.parametrize(
    "change",
    [
        "recorded_at = recorded_at - interval '1 microsecond'",
        "topic = 'request:exchange-read'",
        "notification_id = notification_id + 1000000",
        "state = NULL",
    ],
)
def test_an_event_moved_in_time_or_place_or_told_otherwise_is_found(sealed: Sealed, change: str) -> None:
    sealed.tamper(f"UPDATE log.portal_events SET {change} WHERE originator_id = %(id)s AND originator_version = 3")
    assert sealed.findings() == [(Flaw.ALTERED, 3)]


def test_a_deleted_event_is_found_even_the_last(sealed: Sealed) -> None:
    for version in (4, 10):
        sealed.tamper(
            "DELETE FROM log.portal_events WHERE originator_id = %(id)s AND originator_version = %(version)s",
            version=version,
        )
    assert sealed.findings() == [(Flaw.MISSING, 4), (Flaw.MISSING, 10)]


def test_two_events_swapped_are_found(sealed: Sealed) -> None:
    sealed.tamper(
        "UPDATE log.portal_events AS one SET topic = other.topic, state = other.state"
        " FROM log.portal_events AS other WHERE one.originator_id = %(id)s AND other.originator_id = %(id)s"
        " AND (one.originator_version, other.originator_version) IN ((3, 5), (5, 3))"
    )
    assert sealed.findings() == [(Flaw.ALTERED, 3), (Flaw.ALTERED, 5)]


def test_an_event_slipped_in_behind_the_head_is_found(sealed: Sealed, town: Town) -> None:
    town.writes(town.camille, sealed.request_id, "Ce message n’a jamais été envoyé ce jour-là.")
    sealed.tamper(
        "UPDATE log.portal_events SET notification_id = (SELECT min(notification_id) - 1 FROM log.portal_events)"
        " WHERE originator_id = %(id)s AND originator_version = 11"
    )
    assert sealed.findings() == [(Flaw.SLIPPED_IN, 11)]


def test_a_seal_rewritten_to_match_an_altered_event_is_found_by_its_chain(sealed: Sealed) -> None:
    sealed.tamper(
        "UPDATE log.portal_events SET state = set_byte(state, 10, 65)"
        " WHERE originator_id = %(id)s AND originator_version = 5"
    )
    sealed.tamper("DELETE FROM log.seal WHERE stream = %(id)s AND version = 5")
    assert sealed.findings() == [(Flaw.SLIPPED_IN, 5), (Flaw.FOREIGN_SEAL, 6)]
    forge(sealed, version=5)
    assert sealed.findings() == [(Flaw.FOREIGN_SEAL, 6)]


def test_a_fingerprint_noted_outside_tells_a_log_rewritten_with_its_seals(sealed: Sealed, town: Town) -> None:
    noted = seal.verify(sealed.owner)
    assert list(noted) == []
    town.writes(town.camille, sealed.request_id)
    seal.extend(sealed.owner)
    same = seal.verify(sealed.owner, upto=noted.head)
    assert (list(same), same.fingerprint) == ([], noted.fingerprint)

    sealed.tamper(
        "UPDATE log.portal_events SET state = set_byte(state, 10, 65)"
        " WHERE originator_id = %(id)s AND originator_version = 5"
    )
    sealed.tamper("DELETE FROM log.seal")
    while seal.extend(sealed.owner):
        pass
    rewritten = seal.verify(sealed.owner, upto=noted.head)
    assert list(rewritten) == []
    assert rewritten.fingerprint != noted.fingerprint


def test_an_erased_request_stays_sealed(sealed: Sealed, town: Town, tmp_path: Path) -> None:
    erasure.erase(
        town.portal,
        actor=town.alex,
        register=Register(tmp_path / "erasures.jsonl"),
        erasure=erasure.planned(
            at=MONDAY + timedelta(days=1),
            actor=town.alex,
            kind="request",
            stream_id=sealed.request_id,
            motive=("person", "DPO-2026-014"),
        ),
    )
    seal.extend(sealed.owner)
    assert sealed.findings() == []


def test_rotating_the_master_key_leaves_the_seal_valid(sealed: Sealed, master_key: bytes) -> None:
    with sealed.owner.transaction():
        keys.rotate(sealed.owner, master_key, bytes(reversed(master_key)))
    assert sealed.findings() == []


def test_the_hash_is_one_that_anybody_can_compute_again() -> None:
    event = (7, UUID(int=1), 2, "2026-03-02T09:00:00.000000Z", "request:submitted", b'{"v":1}')
    # printf '1\n7\n00000000-0000-0000-0000-000000000001\n2\n2026-03-02T09:00:00.000000Z\n…\n{"v":1}' | sha256sum
    assert seal.hash_of(event).hex() == "aa9722d993ece3af25b2655c8fe28f4e7776e9847fd00bb511406d88d8c7adc1"


def test_a_check_of_a_long_log_takes_no_more_memory_than_that_of_a_short_one(portal: Portal) -> None:
    def peak() -> int:
        tracemalloc.start()
        try:
            assert not any(seal.verify(connection))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    with portal.connect() as connection:
        fill(connection, 4_000)
        short = peak()
        fill(connection, 12_000)
        assert peak() < short * 1.2


def fill(connection: Connection[dict[str, object]], events: int) -> None:
    """Write rows that only the seal will look at, ten to a stream, and seal them."""
    connection.execute(
        "INSERT INTO log.portal_events (originator_id, originator_version, topic, state)"
        " SELECT md5((n / 10 + (SELECT count(*) FROM log.portal_events))::text)::uuid, n %% 10 + 1,"
        " 'request:exchange-sent', convert_to(repeat(md5(n::text), 20), 'UTF8')"
        " FROM generate_series(0, %s) AS n",
        (events - 1,),
    )
    while seal.extend(connection):
        pass


def forge(sealed: Sealed, *, version: int) -> None:
    """Do as the forger would who knows how seals are made, and stops after one."""
    sealed.owner.execute(
        """
        INSERT INTO log.seal (position, stream, version, hash, chained)
        SELECT e.notification_id, e.originator_id, e.originator_version, h.hash, sha256(before.chained || h.hash)
        FROM log.portal_events AS e
        JOIN log.seal AS before ON before.stream = e.originator_id AND before.version = e.originator_version - 1,
        LATERAL (SELECT sha256(convert_to(concat_ws(E'\\n', '1', e.notification_id, e.originator_id,
            e.originator_version, to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            e.topic, ''), 'UTF8') || e.state) AS hash) AS h
        WHERE e.originator_id = %s AND e.originator_version = %s
        """,
        (sealed.request_id, version),
    )
    assert Finding(Flaw.ALTERED, 0, sealed.request_id, version) not in list(seal.verify(sealed.owner))
