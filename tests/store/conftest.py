"""The store on the embedded PostgreSQL, and on PostgreSQL 15 where the server makes a difference."""

from collections.abc import Iterator

import pytest

from espace_citoyen.application import Portal


@pytest.fixture(params=["database_url", "database15_url"], ids=["embedded", "postgresql-15"])
def each_database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database on each server we promise to run on."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
def each_portal(each_database_url: str, master_key: bytes) -> Iterator[Portal]:
    """The store on each of these servers; wide enough for eight writers and a reader."""
    portal = Portal(each_database_url, master_key, pool_size=10)
    yield portal
    portal.close()
