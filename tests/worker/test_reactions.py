"""What follows from an event, once."""

from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from espace_citoyen import letters, mail, reactions
from espace_citoyen.aggregates.refusals import Forbidden
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.reactions import Reaction
from espace_citoyen.store.log import RecordedEvent
from people import PASSWORD, Town
from worker.posting import (
    CAMILLE_AT,
    erase,
    files_reachable,
    outbox_rows,
    place_at_the_start,
    queue_mails,
    react,
)


@pytest.fixture(autouse=True)
def _reactions_from_the_start(town: Town) -> None:
    place_at_the_start(town.portal)


def position(town: Town, name: str) -> int:
    with town.portal.connection() as connection:
        row = connection.execute("SELECT position FROM plain.reaction WHERE name = %s", (name,)).fetchone()
    assert row is not None
    return int(row["position"])


def test_every_mailing_has_a_text_and_somebody_who_writes_it() -> None:
    templates = {mailing.template for mailing in letters.MAILINGS.values()}
    assert templates == set(letters.WRITERS)
    assert templates == {path.stem for path in (Path(mail.__file__).parents[1] / "texts").glob("*.txt")}


def test_a_deposit_queues_its_acknowledgement_once(town: Town) -> None:
    filed = files_reachable(town)
    queue_mails(town)
    queue_mails(town)
    [row] = outbox_rows(town.portal)
    assert (row["stream_id"], row["template"], row["recipient"]) == (
        filed.request_id,
        "acknowledgement",
        "applicant",
    )
    assert row["state"] == "waiting"
    assert position(town, "mails") == town.portal.position()


def test_what_the_town_writes_is_mailed_and_what_the_citizen_writes_is_not(town: Town) -> None:
    filed = files_reachable(town)
    town.writes(town.dominique, filed.request_id)
    town.writes(town.camille, filed.request_id)
    queue_mails(town)
    assert [row["template"] for row in outbox_rows(town.portal)] == ["acknowledgement", "new_message"]


def test_the_outbox_holds_nothing_personal(town: Town) -> None:
    filed = files_reachable(town)
    town.writes(town.dominique, filed.request_id, "Venez lundi")
    queue_mails(town)
    kept = str(outbox_rows(town.portal))
    for word in (CAMILLE_AT, "Rousseau", "Camille", "lundi", filed.reference):
        assert word not in kept


def test_a_reaction_that_is_new_starts_at_the_head_of_the_log(town: Town) -> None:
    files_reachable(town)
    with town.portal.connection() as connection:
        connection.execute("DELETE FROM plain.reaction")
        reactions.place(connection)
    queue_mails(town)
    assert outbox_rows(town.portal) == []
    files_reachable(town)
    with town.portal.connection() as connection:
        reactions.place(connection)
    queue_mails(town)
    assert len(outbox_rows(town.portal)) == 1


def test_two_processes_reacting_at_once_queue_each_mail_once(town: Town) -> None:
    for _ in range(10):
        files_reachable(town)
    both = [Thread(target=queue_mails, args=(town,)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(outbox_rows(town.portal)) == 10


def test_a_refusal_becomes_a_to_do_and_the_next_event_has_its_turn(town: Town) -> None:
    refused = files_reachable(town)
    other = files_reachable(town)
    seen: list[UUID] = []

    def react_to(connection: Connection[Any], event: RecordedEvent) -> None:
        connection.execute("INSERT INTO plain.credential VALUES (%s, '', now())", (event.stream_id,))
        if event.stream_id == refused.request_id:
            raise Forbidden("not this one")
        seen.append(event.stream_id)

    react(town.portal, Reaction("mails", {ServiceRequest.Acknowledged: react_to}))
    with town.portal.connection() as connection:
        to_dos = connection.execute("SELECT stream_id, refusal, done_at FROM plain.to_do").fetchall()
        holders = connection.execute("SELECT holder_id FROM plain.credential WHERE password_hash = ''").fetchall()
    assert to_dos == [{"stream_id": refused.request_id, "refusal": "Forbidden", "done_at": None}]
    assert seen == [other.request_id]
    assert [row["holder_id"] for row in holders] == [other.request_id]
    assert position(town, "mails") == town.portal.position()


def test_any_other_failure_leaves_everything_to_be_done_again(town: Town) -> None:
    files_reachable(town)

    def fail(_connection: Connection[Any], _event: RecordedEvent) -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        react(town.portal, Reaction("mails", {ServiceRequest.Acknowledged: fail}))
    assert position(town, "mails") == 0
    queue_mails(town)
    assert len(outbox_rows(town.portal)) == 1


def test_an_erased_request_takes_its_mails_and_files_with_it(town: Town, tmp_path: Path) -> None:
    erased, kept = files_reachable(town), files_reachable(town)
    queue_mails(town)
    root = tmp_path / "files"
    for owner in (erased.request_id, kept.request_id):
        (root / str(owner)).mkdir(parents=True)
        (root / str(owner) / "one").write_bytes(b"sealed")
    erase(town, erased.request_id, tmp_path / "register")
    react(town.portal, reactions.erasures(root))
    assert [row["stream_id"] for row in outbox_rows(town.portal)] == [kept.request_id]
    assert [path.name for path in root.iterdir()] == [str(kept.request_id)]


def test_an_erased_request_takes_what_was_typed_about_it_and_refused(town: Town, tmp_path: Path) -> None:
    erased, kept = files_reachable(town), files_reachable(town)
    with town.portal.connection() as connection:
        for number, filed in enumerate((erased, kept)):
            parked = {"path": f"/agents/demandes/{filed.reference}/decision", "fields": {"reasons": ["Philomène"]}}
            connection.execute(
                "INSERT INTO plain.session (token_hash, person_id, actor, data, created_at, last_seen_at)"
                " VALUES (%s, %s, '{}', %s, now(), now())",
                (bytes([number] * 32), town.dominique.id, Jsonb({"csrf_token": "x", "parked": parked})),
            )
    erase(town, erased.request_id, tmp_path / "register")
    react(town.portal, reactions.erasures(tmp_path / "files"))
    with town.portal.connection() as connection:
        rows = connection.execute("SELECT data FROM plain.session ORDER BY token_hash").fetchall()
    assert rows[0]["data"] == {"csrf_token": "x"}
    assert set(rows[1]["data"]) == {"csrf_token", "parked"}


def test_an_erased_account_can_no_longer_sign_in(town: Town, tmp_path: Path) -> None:
    assert town.camille
    assert authenticate(town.portal, username="camille", password=PASSWORD) is not None
    erase(town, town.camille.id, tmp_path / "register", kind="account")
    react(town.portal, reactions.erasures(tmp_path / "files"))
    with town.portal.connection() as connection:
        assert connection.execute("SELECT 1 FROM plain.credential").fetchall() == []
