"""The journal: what it tells, and what it never does."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import structlog

from espace_citoyen import logs

REQUEST = UUID("5b0e7f5e-7d0c-4a26-8f4f-7a2f5a1d2f10")


@pytest.fixture(autouse=True)
def _journal() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_fact_is_one_line_with_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", process="web")
    structlog.get_logger().info("request shown", request=REQUEST, position=12, folder=Path("/srv/data"))
    (line,) = lines(capsys)
    assert line["event"] == "request shown"
    assert (line["process"], line["level"]) == ("web", "info")
    assert (line["request"], line["position"], line["folder"]) == (str(REQUEST), 12, "/srv/data")


def test_what_somebody_typed_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", process="web")
    structlog.get_logger().info(
        "oops", mail="camille@exemple.invalid", name="Camille Martin", several=["a b", {"deep": "x\ny"}]
    )
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert not any(word in text for word in ("camille", "Camille", "a b", "x\\n"))


def test_a_failure_tells_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", process="worker")
    try:
        int("Key (username)=(camille) already exists")
    except ValueError:
        structlog.get_logger().exception("projector stopped")
    (line,) = lines(capsys)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["frames"])
    assert "camille" not in json.dumps(line)


def test_libraries_speak_without_their_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", process="web")
    logging.getLogger("quiet").warning("error connecting in %r: %s", "pool-1", "password of camille")
    logging.getLogger("chatty").warning(f"user {'camille'} did it")
    text = capsys.readouterr().err
    assert "error connecting in %r" in text
    assert "camille" not in text


def test_the_level_is_the_one_that_was_set(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning", process="web")
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().err == ""
