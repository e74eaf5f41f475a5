"""With a role for each process, the database itself refuses what a process has no business to do."""

from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal
from espace_citoyen.projections import home, model
from espace_citoyen.store.migrate import migrate
from espace_citoyen.store.roles import WEB, WORKER
from people import MONDAY, Town

As = Callable[[str], Portal]


def make_roles(database_url: str, *, attributes: str = "NOLOGIN", names: tuple[str, ...] = (WEB, WORKER)) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for name in names:
            connection.execute(
                f"DO $$ BEGIN CREATE ROLE {name} {attributes};"
                " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$".encode()
            )


def in_the_role(database_url: str, role: str) -> str:
    return f"{database_url}&options={quote(f'-c role={role}')}"


@pytest.fixture
def town(each_database_url: str, master_key: bytes) -> Iterator[Town]:
    make_roles(each_database_url)
    migrate(each_database_url, master_key)
    with closing(Portal(each_database_url, master_key)) as portal:
        model.rebuild(portal)  # made before there were roles, it would not know them
        yield Town(portal)


@pytest.fixture
def acting_as(town: Town, master_key: bytes) -> Iterator[As]:
    made: list[Portal] = []

    def act(role: str) -> Portal:
        made.append(Portal(in_the_role(town.portal.database_url, role), master_key))
        return made[-1]

    yield act
    for portal in made:
        portal.close()


def test_the_web_files_writes_and_reads_with_no_more_than_its_rights(town: Town, acting_as: As) -> None:
    assert town.birth_certificate
    camille = town.camille
    web = Town(acting_as(WEB))
    vars(web).update(camille=camille, birth_certificate=town.birth_certificate)
    request = web.files(camille).request_id
    web.writes(camille, request)
    with acting_as(WORKER).connection() as connection:
        model.catch_up(town.portal, connection)
    with web.portal.connection() as connection:
        assert [row.request_id for row in home.home(connection, viewer=camille, now=MONDAY).latest] == [request]
    assert web.portal.wait(web.portal.position())


FORBIDDEN = {
    WEB: (
        "UPDATE log.portal_events SET state = '{}'",
        "DELETE FROM log.portal_events",
        "TRUNCATE log.portal_events",
        "UPDATE log.stream_key SET wrapped = ''",
        "DELETE FROM log.stream_key",
        "UPDATE log.server_key SET wrapped = ''",
        "INSERT INTO log.seal VALUES (1, gen_random_uuid(), 1, '', '')",
        "UPDATE request SET reference = ''",
        "UPDATE tracking SET position = 0",
        "UPDATE plain.access_log SET what = ''",
        "DELETE FROM plain.access_log",
        "TRUNCATE plain.access_log",
        "UPDATE plain.access_log SET viewer_id = gen_random_uuid()",
        "DELETE FROM plain.access_log",
        "UPDATE plain.erasure_order SET visa = ''",
        "DELETE FROM plain.erasure_order",
        "UPDATE request_count SET requests = 0",
        "CREATE TABLE plain.mine ()",
    ),
    WORKER: (
        "UPDATE log.portal_events SET state = '{}'",
        "DELETE FROM log.portal_events",
        "UPDATE log.stream_key SET wrapped = ''",
        "UPDATE log.seal SET hash = ''",
        "DELETE FROM log.seal",
        "UPDATE log.server_key SET wrapped = ''",
        "UPDATE plain.access_log SET viewer_id = gen_random_uuid()",
        "UPDATE plain.migration SET name = ''",
        "UPDATE plain.access_log SET what = ''",
    ),
}


@pytest.mark.parametrize(
    ("role", "statement"), [(role, each) for role, all_ in FORBIDDEN.items() for each in all_]
)
def test_the_database_refuses(acting_as: As, role: str, statement: str) -> None:
    with acting_as(role).connection() as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


def test_the_worker_alone_deletes_keys(town: Town, acting_as: As) -> None:
    request = town.files(town.camille).request_id
    delete = ("DELETE FROM log.stream_key WHERE owner_id = %s", (request,))
    web = acting_as(WEB)
    doomed = web.get(ServiceRequest, request)
    doomed.erase(at=town.at, actor=town.alex, reason="person", visa="V-1")
    with pytest.raises(Exception, match="permission denied"):
        web.record(doomed, alongside=[delete])
    assert len(town.portal.stream(request)) == 2
    worker = acting_as(WORKER)
    doomed = worker.get(ServiceRequest, request)
    doomed.erase(at=town.at, actor=town.alex, reason="person", visa="V-1")
    worker.record(doomed, alongside=[delete])
    assert town.portal.keys.open([request]) == {}


def test_who_may_create_roles_makes_them_when_migrating(empty_database_url: str, master_key: bytes) -> None:
    owner = f"owner_{uuid4().hex}"
    make_roles(empty_database_url, attributes="NOLOGIN CREATEROLE", names=(owner,))
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"GRANT CREATE ON DATABASE {name} TO {owner}".encode())
        migrate(in_the_role(empty_database_url, owner), master_key)
        rights = connection.execute(
            "SELECT has_table_privilege(%s, 'log.portal_events', 'INSERT'),"
            " has_table_privilege(%s, 'log.portal_events', 'DELETE')",
            (WEB, WEB),
        ).fetchone()
    assert rights == (True, False)
