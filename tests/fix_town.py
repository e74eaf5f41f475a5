"""Fixtures of the portal: one on a fresh database with its read model, and the town that moves into it."""

from collections.abc import Iterator

import pytest

from espace_citoyen.application import Portal
from espace_citoyen.projections import model
from people import Town


@pytest.fixture
def portal(database_url: str, master_key: bytes) -> Iterator[Portal]:
    """A portal with nothing in it and its read model ready."""
    portal = Portal(database_url, master_key)
    model.prepare(portal)
    yield portal
    portal.close()


@pytest.fixture
def town(portal: Portal) -> Town:
    """A town in which nobody has moved yet."""
    return Town(portal)
