"""The catalogue of procedures, and every version's title for the requests that answer it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.projections.folding import fold
from espace_citoyen.store.log import RecordedEvent
from espace_citoyen.store.recorder import Statement

TABLES = """
CREATE TABLE procedure (
    procedure_id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    version integer
);
CREATE TABLE procedure_version (
    procedure_id uuid NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    title_folded text NOT NULL,
    area text NOT NULL,
    area_folded text NOT NULL,
    summary text NOT NULL,
    department_id uuid NOT NULL,
    exchanges boolean NOT NULL,
    account_required boolean NOT NULL,
    PRIMARY KEY (procedure_id, number)
);
"""


def _opened(event: RecordedEvent) -> Iterable[Statement]:
    yield "INSERT INTO procedure (procedure_id, slug) VALUES (%s, %s)", (event.stream_id, event.event.slug)


def _published(event: RecordedEvent) -> Iterable[Statement]:
    said = event.event
    yield (
        "INSERT INTO procedure_version (procedure_id, number, title, title_folded, area, area_folded, summary,"
        " department_id, exchanges, account_required) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.stream_id,
            said.number,
            said.title,
            fold(said.title),
            said.area,
            fold(said.area),
            said.summary,
            said.department_id,
            said.exchanges,
            said.account_required,
        ),
    )
    yield "UPDATE procedure SET version = %s WHERE procedure_id = %s", (said.number, event.stream_id)


HANDLERS = {Procedure.Opened: _opened, Procedure.VersionPublished: _published}


@dataclass(frozen=True, kw_only=True)
class CatalogueRow:
    """A procedure as it can be filed today; its form is in the aggregate's version of that number."""

    procedure_id: UUID
    slug: str
    title: str
    area: str
    summary: str
    account_required: bool
    version: int
    department_name: str


_CATALOGUE = """
SELECT p.procedure_id, p.slug, v.title, v.area, v.summary, v.account_required, p.version,
       coalesce(d.name, '') AS department_name
FROM procedure p
JOIN procedure_version v ON v.procedure_id = p.procedure_id AND v.number = p.version
LEFT JOIN department d ON d.department_id = v.department_id
"""


def catalogue(connection: Connection[Any]) -> list[CatalogueRow]:
    """Return every procedure that has a version, by area then title as a French reader sorts them."""
    with connection.cursor(row_factory=class_row(CatalogueRow)) as cursor:
        return cursor.execute(_CATALOGUE + "ORDER BY v.area_folded, v.title_folded, p.slug").fetchall()


def by_slug(connection: Connection[Any], slug: str) -> CatalogueRow | None:
    """Return the procedure at an address, or None."""
    with connection.cursor(row_factory=class_row(CatalogueRow)) as cursor:
        return cursor.execute(_CATALOGUE + "WHERE p.slug = %s", (slug,)).fetchone()
