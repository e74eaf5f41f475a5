"""`espace-citoyen audit …`: who, when, what, through which channel, and as it was on a date."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from espace_citoyen.commands.requests import Deposited
from espace_citoyen.store import seal
from fix_cli import Espace
from people import Town

FIELDS = ("position", "version", "at", "recorded_at", "topic", "label", "kind", "audience")
FIELDS += ("actor", "capacity", "channel", "cause")


@pytest.fixture
def filed(town: Town) -> Deposited:
    """Camille files, Dominique writes, Camille reads; one day apart by the database's clock, at ten past nine."""
    filed = town.files(town.camille)
    exchange = town.writes(town.dominique, filed.request_id, "Quelle est votre date de naissance ?")
    town.reads(town.camille, filed.request_id, exchange)
    recorded_at(town, filed.request_id, {1: "2026-03-02 09:10Z", 2: "2026-03-02 09:10Z"})
    recorded_at(town, filed.request_id, {3: "2026-03-03 22:59:59.999999Z", 4: "2026-03-03 23:00:00Z"})
    return filed


def recorded_at(town: Town, stream: UUID, times: dict[int, str]) -> None:
    """Move the database's clock back to when the story takes place."""
    with psycopg.connect(town.portal.database_url) as connection:
        for version, time in times.items():
            connection.execute(
                "UPDATE log.portal_events SET recorded_at = %s"
                " WHERE originator_id = %s AND originator_version = %s",
                (time, stream, version),
            )


def topics(espace: Espace, *words: str) -> list[str]:
    return [entry["topic"] for entry in json.loads(espace("audit", "history", *words, "--json").out)]


def test_a_history_tells_who_when_what_and_through_which_channel(espace: Espace, filed: Deposited) -> None:
    said = espace("audit", "history", filed.reference)
    assert (said.status, said.err) == (0, "")
    for words in (
        f"Histoire : demande {filed.reference}",
        "Camille Rousseau a déposé la demande",
        "Espace citoyen a établi l’accusé de réception",
        "Dominique Morel a envoyé un message",
        "Camille Rousseau a lu un message",
        "agent, Officier d’état civil · site internet",
        "texte : Quelle est votre date de naissance ?",
        "réponses, Nom de naissance : Rousseau",
        "côté : mairie",
        "état : Déposée",
        "service : État civil",
        "démarche : Demande d’acte de naissance",
        "10:00:00",
    ):
        assert words in said.out.replace("\N{NO-BREAK SPACE}", " ")
    assert said.out.index("a déposé") < said.out.index("a envoyé") < said.out.index("a lu")


def test_what_people_typed_is_read_by_the_auditor_and_never_obeyed_by_the_terminal(
    espace: Espace, town: Town
) -> None:
    filed = town.files(town.camille)
    town.writes(town.camille, filed.request_id, "Bonjour,\r\n\x1b[2Jau \x9brevoir")
    out = espace("audit", "history", filed.reference).out
    assert "texte : Bonjour,\n         \N{REPLACEMENT CHARACTER}[2Jau \N{REPLACEMENT CHARACTER}revoir" in out
    assert json.loads(espace("audit", "history", filed.reference, "--json").out)[2]["facts"]["text"].endswith(
        "voir"
    )


def test_a_history_is_asked_by_reference_however_typed_or_by_id(espace: Espace, filed: Deposited) -> None:
    expected = espace("audit", "history", filed.reference, "--json").out
    spoken = filed.reference.lower().replace("-", " ")
    assert espace("audit", "history", spoken, "--json").out == expected
    assert espace("audit", "history", str(filed.request_id), "--json").out == expected


def test_json_gives_each_event_with_its_envelope_and_its_facts(
    espace: Espace, filed: Deposited, town: Town
) -> None:
    entries = json.loads(espace("audit", "history", filed.reference, "--json").out)
    assert [entry["version"] for entry in entries] == [1, 2, 3, 4]
    assert all(entry.keys() >= set(FIELDS) for entry in entries)
    sent = entries[2]
    assert {name: sent[name] for name in FIELDS} == {
        "position": town.portal.stream(filed.request_id)[2].position,
        "version": 3,
        "at": "2026-03-02T09:00:00+00:00",
        "recorded_at": "2026-03-03T22:59:59.999999+00:00",
        "topic": "request:exchange-sent",
        "label": "Dominique Morel a envoyé un message",
        "kind": "exchange",
        "audience": ["auditor", "citizen", "staff"],
        "actor": "Dominique Morel",
        "capacity": "Officier d’état civil",
        "channel": "web",
        "cause": None,
    }
    assert sent["facts"]["text"] == "Quelle est votre date de naissance ?"
    assert entries[0]["facts"]["answers"] == {"nom": "Rousseau"}
    assert entries[0]["facts"]["received_on"] == "2026-03-02"


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("2026-03-01", 0),
        ("2026-03-02", 2),
        ("2026-03-02T10:10", 2),  # inclusive, in Paris
        ("2026-03-02T10:09:59", 0),
        ("2026-03-02T09:10Z", 2),
        ("2026-03-02T09:10+01:00", 0),
        ("2026-03-03", 3),  # the last instant of that day in Paris, not in UTC
        ("2026-03-04", 4),
        ("9999-12-31", 4),
    ],
)
def test_a_history_as_of_a_date_holds_what_was_recorded_by_its_last_instant_in_paris(
    espace: Espace, filed: Deposited, at: str, count: int
) -> None:
    assert len(topics(espace, filed.reference, "--at", at)) == count


def test_before_its_first_event_a_request_has_nothing_to_tell(espace: Espace, filed: Deposited) -> None:
    said = espace("audit", "history", filed.reference, "--at", "2020-01-01")
    assert said.status == 0
    assert "rien n’était encore enregistré" in said.out


def test_what_is_back_dated_says_when_it_was_recorded(espace: Espace, filed: Deposited) -> None:
    out = espace("audit", "history", filed.reference).out.replace("\N{NO-BREAK SPACE}", " ")
    assert "enregistré le mercredi 4 mars 2026 à 00:00:00" in out


def test_of_an_erased_request_remain_who_by_kind_when_what_and_where(
    espace: Espace, filed: Deposited, town: Town
) -> None:
    espace("erase", "--reference", filed.reference, "--motif", "person", "--visa", "DPO-2026-014", "--oui")
    said = espace("audit", "history", filed.reference)
    assert said.status == 0
    assert said.out.count("contenu effacé") == 4
    assert "reçue le : 2 mars 2026" in said.out.replace("\N{NO-BREAK SPACE}", " ")
    assert "Un agent a envoyé un message" in said.out
    assert "Exploitation (compte " in said.out
    assert "motif : la personne concernée l’a demandé" in said.out
    entries = json.loads(espace("audit", "history", filed.reference, "--json").out)
    assert [entry["erased"] for entry in entries] == [True, True, True, True, False]
    assert [(entry["actor_kind"], entry["channel"]) for entry in entries][:3] == [
        ("citizen", "web"),
        ("system", "system"),
        ("staff", "web"),
    ]
    assert entries[2]["actor"] is entries[2]["capacity"] is entries[2]["actor_id"] is None
    everything = said.out + json.dumps(entries, ensure_ascii=False)
    for gone in ("Camille", "Rousseau", "Dominique", "date de naissance ?", str(town.camille.id)):
        assert gone not in everything


@pytest.mark.parametrize("unknown", ["7K3F-9QX2", "bonjour", str(UUID(int=9)), ""])
def test_what_is_nothing_of_ours_is_refused_with_1_and_in_french(espace: Espace, unknown: str) -> None:
    said = espace("audit", "history", unknown)
    assert (said.status, said.out) == (1, "")
    assert "Refusé" in said.err


@pytest.mark.parametrize("at", ["hier", "2026-02-30", "31/12/2026", "2026-03-02T25:00", "0001-01-01T00:00"])
def test_what_is_no_date_is_bad_usage(espace: Espace, filed: Deposited, at: str) -> None:
    said = espace("audit", "history", filed.reference, "--at", at)
    assert (said.status, said.out) == (2, "")
    assert "n’est pas une date" in said.err


def test_the_events_of_the_log_are_told_in_order_from_a_position(
    espace: Espace, filed: Deposited, town: Town
) -> None:
    lines = espace("audit", "events").out.splitlines()
    assert len(lines) == town.portal.position()
    assert [int(line.split()[0]) for line in lines] == sorted(int(line.split()[0]) for line in lines)
    assert re.fullmatch(
        rf" +\d+  2026-03-02 10:00:00  {filed.reference} v4  Camille Rousseau a lu un message · site internet",
        lines[-1],
    )
    last = town.portal.position()
    told = [json.loads(line) for line in espace("audit", "events", "--from", str(last), "--json").out.splitlines()]
    assert [(entry["position"], entry["stream"]) for entry in told] == [(last, str(filed.request_id))]
    assert espace("audit", "events", "--from", str(last + 1)).out == ""
    assert espace("audit", "events", "--from", "deux").status == 2


def test_verify_says_that_nothing_was_rewritten_and_gives_a_fingerprint_to_note(
    espace: Espace, town: Town
) -> None:
    filed = town.files(town.camille)
    waiting = espace("audit", "verify")
    assert waiting.status == 0
    assert f"0 événement scellé vérifié, {town.portal.position()} en attente de sceau." in waiting.out
    sealed(town)
    said = espace("audit", "verify")
    assert (said.status, said.err) == (0, "")
    assert f"{town.portal.position()} événements scellés vérifiés, 0 en attente" in said.out
    noted = re.search(r"position (\d+) : (\w{64})", said.out)
    assert noted
    town.writes(town.camille, filed.request_id)
    sealed(town)
    position, fingerprint = noted.groups()
    assert espace("audit", "verify", "--upto", position, "--fingerprint", fingerprint).status == 0
    assert espace("audit", "verify", "--fingerprint", fingerprint).status == 1


def test_verify_names_what_was_rewritten_and_returns_1(espace: Espace, town: Town) -> None:
    filed = town.files(town.camille)
    sealed(town)
    with psycopg.connect(town.portal.database_url) as connection:
        connection.execute(
            "UPDATE log.portal_events SET state = set_byte(state, 9, 65) WHERE originator_id = %s"
            " AND originator_version = 2",
            (filed.request_id,),
        )
    said = espace("audit", "verify")
    assert said.status == 1
    assert f"{filed.request_id} v2 : l’événement n’est plus celui qui a été scellé." in said.out
    assert "1 anomalie." in said.out


def test_the_real_command_prints_json_alone_on_its_output(
    town: Town, filed: Deposited, master_key: bytes, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ESPACE_CITOYEN_")}
    done = subprocess.run(
        [sys.executable, "-m", "espace_citoyen.cli", "audit", "history", filed.reference, "--json"],
        env=environment
        | {
            "ESPACE_CITOYEN_ENV": "demo",
            "ESPACE_CITOYEN_DATABASE_URL": town.portal.database_url,
            "ESPACE_CITOYEN_MASTER_KEY": master_key.hex(),
            "ESPACE_CITOYEN_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(json.loads(done.stdout))) == (0, 4), done.stderr


def sealed(town: Town) -> None:
    with town.portal.connection() as connection:
        seal.extend(connection)
