"""`espace-citoyen keys rotate`: another master key, the same events."""

import re
from pathlib import Path

import psycopg
import pytest

from espace_citoyen import cli, config, demo_keys
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.cli.parser import parser
from espace_citoyen.store.keys import WrongMasterKey
from fix_cli import Espace
from people import Town


def stored(portal: Portal) -> list[tuple[object, ...]]:
    with psycopg.connect(portal.database_url) as connection:
        return connection.execute("SELECT * FROM log.portal_events ORDER BY notification_id").fetchall()


def test_a_drawn_key_is_shown_once_and_opens_what_the_former_one_no_longer_does(
    espace: Espace, town: Town, master_key: bytes
) -> None:
    filed = town.files(town.camille)
    before = stored(town.portal)
    said = espace("keys", "rotate")
    assert said.status == 0
    shown = re.search(r"ESPACE_CITOYEN_MASTER_KEY=([0-9a-f]{64})\n", said.out)
    assert shown
    assert stored(town.portal) == before
    renewed = Portal(town.portal.database_url, bytes.fromhex(shown[1]))
    assert renewed.get(ServiceRequest, filed.request_id).reference == filed.reference
    renewed.close()
    former = Portal(town.portal.database_url, master_key)
    with pytest.raises(WrongMasterKey):
        former.get(ServiceRequest, filed.request_id)
    former.close()
    again = espace("keys", "rotate")
    assert (again.status, "La clé maîtresse n’ouvre pas cette base" in again.err) == (1, True)


def test_a_given_key_is_taken_and_not_shown(espace: Espace, town: Town) -> None:
    filed = town.files(town.camille)
    new = "ab" * 32
    said = espace("keys", "rotate", "--key-stdin", typed=f"{new}\n")
    assert (said.status, new in said.out) == (0, False)
    renewed = Portal(town.portal.database_url, bytes.fromhex(new))
    assert renewed.get(ServiceRequest, filed.request_id).reference == filed.reference
    renewed.close()


@pytest.mark.parametrize("typed", ["", "abc", "zz" * 32, "ab" * 33])
def test_what_is_no_key_is_refused_and_changes_nothing(espace: Espace, town: Town, typed: str) -> None:
    filed = town.files(town.camille)
    assert espace("keys", "rotate", "--key-stdin", typed=f"{typed}\n").status == 1
    assert town.portal.get(ServiceRequest, filed.request_id)


def test_the_demo_keeps_its_new_key_where_it_kept_the_former_one(
    empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"ESPACE_CITOYEN_ENV": "demo", "ESPACE_CITOYEN_DATABASE_URL": empty_database_url}

    def run(*words: str) -> int:
        arguments = parser().parse_args(words)
        return cli.run(arguments.command, config.load(environment, data_dir=tmp_path), arguments)

    key = demo_keys.path(tmp_path, "MASTER_KEY")
    assert run("migrate") == 0
    former = key.read_text()
    assert run("keys", "rotate") == 0
    renewed = key.read_text()
    assert renewed != former
    assert renewed not in capsys.readouterr().out
    assert demo_keys.is_demo_master_key(bytes.fromhex(renewed))
    assert key.stat().st_mode & 0o777 == 0o600
    assert run("migrate") == 0
    assert [path.name for path in key.parent.iterdir() if path.suffix == ".next"] == []
