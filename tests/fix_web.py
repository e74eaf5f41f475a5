"""The web application on a real database, its clock, and visitors who are signed in or not."""

from collections.abc import Callable
from pathlib import Path

import flask
import pytest

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.web import create_app
from people import MONDAY, Town
from visitors import Clock, Visitor


@pytest.fixture
def settings(tmp_path: Path, database_url: str, master_key: bytes) -> Settings:
    """The settings of a demo town over http."""
    return Settings(
        env="demo",
        data_dir=tmp_path,
        base_url="http://localhost:8000",
        files_url=f"file:{tmp_path}/files",
        secret_key="a secret that only tests know",
        master_key=master_key,
        database_url=database_url,
        staff_second_factor="off",
    )


@pytest.fixture
def clock() -> Clock:
    """The time in the application: `clock.passes(minutes=31)`."""
    return Clock(MONDAY)


@pytest.fixture
def app(portal: Portal, settings: Settings, clock: Clock) -> flask.Flask:
    """The application as it is served."""
    return create_app(portal, settings, clock=clock)


@pytest.fixture
def visitor(app: flask.Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def signed_in(app: flask.Flask, town: Town) -> Callable[[str], Visitor]:
    """`signed_in("camille")`: somebody of the cast, moved in and signed in; each call is another browser."""

    def arrive(username: str) -> Visitor:
        getattr(town, username)
        arrived = Visitor(app)
        assert arrived.sign_in(username).status == 303
        return arrived

    return arrive
