"""`espace-citoyen doctor`: what it shows, what it hides, what it finds wrong."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from espace_citoyen import config
from espace_citoyen.cli.doctor import doctor
from espace_citoyen.config import Settings

NOTHING = argparse.Namespace()


@pytest.fixture
def sound(database_url: str, master_key: bytes, tmp_path: Path) -> Settings:
    given = {
        "ENV": "demo",
        "DATABASE_URL": database_url,
        "MASTER_KEY": master_key.hex(),
        "DATA_DIR": str(tmp_path),
    }
    return config.load({f"{config.PREFIX}{name}": value for name, value in given.items()})


def test_a_sound_installation_is_found_well(sound: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(sound, NOTHING) == 0
    said = capsys.readouterr().out
    assert "base de données : PostgreSQL 18." in said
    assert "clé maîtresse : ouvre cette base" in said
    assert "rôles : celui-ci peut récrire le journal" in said
    assert "ESPACE_CITOYEN_DATABASE_URL" in said
    assert "ERREUR" not in said


def test_each_setting_has_its_origin_and_no_secret_is_shown(
    sound: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor(
        replace(
            sound,
            smtp_url="smtp://mairie:relay-secret@127.0.0.1:1",
            database_url="postgresql://mairie@127.0.0.1:1/espace?password=base-secret&connect_timeout=1",
        ),
        NOTHING,
    )
    said = capsys.readouterr().out
    secrets = ("relay-secret", "base-secret", sound.secret_key, sound.master_key.hex())
    assert not any(secret in said for secret in secrets)
    for line in said.split("Services")[0].splitlines()[1:]:
        assert any(f"({origin})" in line for origin in (config.GIVEN, config.DEFAULT, config.KEPT)), line


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}, "base de données : ne répond pas"),
        ({"master_key": b"?" * 32}, "clé maîtresse : n’ouvre pas cette base"),
        ({"smtp_url": "smtp://127.0.0.1:1"}, "courriels : le serveur ne convient pas"),
        ({"files_url": "file:/proc/nowhere"}, "fichiers : /proc/nowhere n’est pas utilisable"),
        ({"files_url": "s3://bucket/prefix"}, "fichiers : cette version"),
    ],
)
def test_what_does_not_work_is_named_and_the_exit_tells(
    sound: Settings, capsys: pytest.CaptureFixture[str], change: dict[str, str | bytes], found: str
) -> None:
    assert doctor(replace(sound, **change), NOTHING) == 1
    assert found in capsys.readouterr().out


def test_no_database_yet_is_no_error(sound: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(replace(sound, database_url=None), NOTHING) == 0
    assert "pas encore faite" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, "sans       réponses par courriel"),
        (
            {"reply_address": "reponse@exemple.fr"},
            "bien       réponses par courriel : reponse@exemple.fr, à remettre",
        ),
        (
            {"reply_address": "reponse@exemple.fr", "lmtp": "127.0.0.1:1"},
            "attention  réponses par courriel : personne n’écoute en 127.0.0.1:1",
        ),
        (
            {"reply_address": "reponse@exemple.fr", "lmtp": "unix:/nowhere"},
            "attention  réponses par courriel : personne n’écoute en unix:/nowhere",
        ),
    ],
)
def test_it_says_where_answers_come_in(
    sound: Settings, capsys: pytest.CaptureFixture[str], change: dict[str, str], found: str
) -> None:
    assert doctor(replace(sound, **change), NOTHING) == 0  # type: ignore[arg-type]  # any setting
    assert found in capsys.readouterr().out
