"""Settings: what is refused, by which name, and the secrets of the demonstration."""

import stat
from pathlib import Path

import pytest

from espace_citoyen import config

PRODUCTION = {
    "ESPACE_CITOYEN_ENV": "production",
    "ESPACE_CITOYEN_DATABASE_URL": "postgresql://mairie@db/espace",
    "ESPACE_CITOYEN_SECRET_KEY": "x" * 40,
    "ESPACE_CITOYEN_MASTER_KEY": "ab" * 32,
    "ESPACE_CITOYEN_BASE_URL": "https://espace.exemple.fr",
}
DEMO = {"ESPACE_CITOYEN_ENV": "demo"}


def problems(environ: dict[str, str], **arguments: object) -> tuple[str, ...]:
    with pytest.raises(config.ConfigurationError) as refused:
        config.load(environ, **arguments)  # type: ignore[arg-type]  # the names vary from one test to the next
    return refused.value.problems


def test_the_kind_of_installation_has_no_default(tmp_path: Path) -> None:
    assert "ESPACE_CITOYEN_ENV : à définir (« demo » ou « production »)." in problems({}, data_dir=tmp_path)


def test_production_is_given_everything_it_needs() -> None:
    settings = config.load(PRODUCTION)
    assert settings.database == "postgresql://mairie@db/espace"
    assert settings.master_key == bytes.fromhex("ab" * 32)
    assert (settings.staff_second_factor, settings.trusted_proxies, settings.log_level) == (
        "required",
        0,
        "info",
    )
    assert not settings.demo


@pytest.mark.parametrize("name", ["SECRET_KEY", "MASTER_KEY", "BASE_URL"])
def test_production_names_each_setting_it_misses(name: str) -> None:
    environ = {key: value for key, value in PRODUCTION.items() if key != f"ESPACE_CITOYEN_{name}"}
    assert [text.split(" ")[0] for text in problems(environ)] == [f"ESPACE_CITOYEN_{name}"]


def test_production_never_makes_a_secret(tmp_path: Path) -> None:
    problems({"ESPACE_CITOYEN_ENV": "production"}, data_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_everything_wrong_is_said_at_once() -> None:
    wrong = PRODUCTION | {
        "ESPACE_CITOYEN_DATABASE_URL": "mysql://db",
        "ESPACE_CITOYEN_SMTP_URL": "smtp://relay:70000",
        "ESPACE_CITOYEN_TRUSTED_PROXIES": "many",
        "ESPACE_CITOYEN_LOG_LEVEL": "loud",
        "ESPACE_CITOYEN_FILES_URL": "ftp://files",
        "ESPACE_CITOYEN_OIDC_PROVIDERS": "/nowhere/providers.toml",
        "ESPACE_CITOYEN_CLAMD": "antivirus",
        "ESPACE_CITOYEN_MASTER_KEY": "short",
    }
    named = {text.split(" ")[0] for text in problems(wrong)}
    assert named == {name for name in wrong if wrong[name] != PRODUCTION.get(name)}


@pytest.mark.parametrize("url", ["smtp://", "http://relay", "smtp://relay?starttls=maybe", "smtp://relay:0"])
def test_a_mail_relay_that_cannot_be_one_is_refused(url: str) -> None:
    (problem,) = problems(PRODUCTION | {"ESPACE_CITOYEN_SMTP_URL": url})
    assert problem.startswith("ESPACE_CITOYEN_SMTP_URL : « smtp://")


def test_a_setting_that_does_not_exist_is_a_typing_error_to_correct() -> None:
    misspelt = PRODUCTION | {"ESPACE_CITOYEN_TRUSTED_PROXY": "1"}
    assert problems(misspelt) == ("ESPACE_CITOYEN_TRUSTED_PROXY : ce réglage n’existe pas.",)


def test_no_secret_shows_in_a_refusal_or_in_the_settings_printed() -> None:
    wrong = PRODUCTION | {
        "ESPACE_CITOYEN_SECRET_KEY": "hunter2",
        "ESPACE_CITOYEN_MASTER_KEY": "correct-horse",
    }
    text = " ".join(problems(wrong)) + repr(config.load(PRODUCTION))
    assert not any(secret in text for secret in ("hunter2", "correct-horse", "x" * 40, "\\xab", "mairie"))


def test_production_does_not_run_the_embedded_database_as_root() -> None:
    environ = {key: value for key, value in PRODUCTION.items() if not key.endswith("DATABASE_URL")}
    (problem,) = problems(environ, as_root=True)
    assert problem.startswith("ESPACE_CITOYEN_DATABASE_URL : à définir")
    assert config.load(environ, as_root=False).database_url is None


def test_production_refuses_the_keys_of_a_demonstration(tmp_path: Path) -> None:
    demo = config.load(DEMO, data_dir=tmp_path)
    copied = PRODUCTION | {
        "ESPACE_CITOYEN_SECRET_KEY": demo.secret_key,
        "ESPACE_CITOYEN_MASTER_KEY": demo.master_key.hex(),
    }
    assert [text.split(" ")[0] for text in problems(copied)] == [
        "ESPACE_CITOYEN_SECRET_KEY",
        "ESPACE_CITOYEN_MASTER_KEY",
    ]


def test_production_keeps_the_second_factor_and_an_encrypted_address() -> None:
    environ = PRODUCTION | {
        "ESPACE_CITOYEN_STAFF_SECOND_FACTOR": "off",
        "ESPACE_CITOYEN_BASE_URL": "http://espace.exemple.fr",
    }
    assert len(problems(environ)) == 2


def test_the_demonstration_needs_nothing_and_keeps_its_secrets(tmp_path: Path) -> None:
    first = config.load(DEMO, data_dir=tmp_path, port=8123)
    again = config.load(DEMO, data_dir=tmp_path, port=8123)
    assert first == again
    assert first.base_url == "http://localhost:8123"
    assert first.files_url == f"file:{tmp_path}/files"
    assert (first.staff_second_factor, first.demo, first.database_url) == ("off", True, None)
    keys = tmp_path / "keys"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [keys, *keys.iterdir()]}
    assert modes == {"keys": 0o700, "secret_key": 0o600, "master_key": 0o600}


def test_two_demonstrations_share_no_key(tmp_path: Path) -> None:
    here, there = (config.load(DEMO, data_dir=tmp_path / name) for name in ("here", "there"))
    assert here.secret_key != there.secret_key
    assert here.master_key != there.master_key


def test_a_spoilt_key_file_is_named_and_never_replaced(tmp_path: Path) -> None:
    config.load(DEMO, data_dir=tmp_path)
    spoilt = tmp_path / "keys" / "master_key"
    spoilt.write_text("half a k")
    (problem,) = problems(DEMO, data_dir=tmp_path)
    assert str(spoilt) in problem
    assert spoilt.read_text() == "half a k"


def test_the_command_line_wins_over_the_environment(tmp_path: Path) -> None:
    settings = config.load(DEMO | {"ESPACE_CITOYEN_DATA_DIR": "/elsewhere"}, data_dir=tmp_path)
    assert settings.data_dir == tmp_path
    assert settings.origins["DATA_DIR"] == config.ARGUMENT
    assert settings.origins["MASTER_KEY"] == config.KEPT
    assert settings.origins["SMTP_URL"] == config.DEFAULT


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("REPLY_ADDRESS", "reponse"),
        ("REPLY_ADDRESS", "reponse+x@exemple.fr"),
        ("REPLY_ADDRESS", "beaucoup.trop.longue@exemple.fr"),
        ("LMTP", "2424"),
        ("LMTP", "unix:relative"),
    ],
)
def test_where_answers_come_in_is_checked(tmp_path: Path, name: str, wrong: str) -> None:
    given = DEMO | {"ESPACE_CITOYEN_REPLY_ADDRESS": "reponse@demandes.exemple.fr"}
    [problem] = problems(given | {f"ESPACE_CITOYEN_{name}": wrong}, data_dir=tmp_path)
    assert problem.startswith(f"ESPACE_CITOYEN_{name} : ")


def test_somebody_who_listens_needs_an_address(tmp_path: Path) -> None:
    [problem] = problems(DEMO | {"ESPACE_CITOYEN_LMTP": "127.0.0.1:2424"}, data_dir=tmp_path)
    assert problem == "ESPACE_CITOYEN_LMTP : sans REPLY_ADDRESS aucune réponse ne peut arriver."
