"""Fixtures of the command line: a command run on the database of the test, in this process."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from espace_citoyen import cli, config
from espace_citoyen.application import Portal
from espace_citoyen.cli.parser import parser


@dataclass(frozen=True)
class Said:
    """What a command returned and printed."""

    status: int
    out: str
    err: str


Espace = Callable[..., Said]


@pytest.fixture
def espace(
    portal: Portal,
    master_key: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Espace:
    """`espace-citoyen …`, without its settings read from the environment and its journal."""
    settings = config.load(
        {
            "ESPACE_CITOYEN_ENV": "demo",
            "ESPACE_CITOYEN_DATABASE_URL": portal.database_url,
            "ESPACE_CITOYEN_MASTER_KEY": master_key.hex(),
        },
        data_dir=tmp_path / "data",
    )

    def run(*words: str, typed: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        try:
            arguments = parser().parse_args(words)
            status = cli.run(arguments.command, settings, arguments)
        except SystemExit as bad_usage:
            status = int(str(bad_usage.code))
        return Said(status, *capsys.readouterr())

    return run
