"""« Mon accueil » in a town where nothing happened, and in one with a million events behind it."""

from collections.abc import Callable
from statistics import median
from typing import Any

from psycopg import Cursor

from benchmark import towns
from benchmark.browser import Browser, forms_of
from benchmark.million import READER, million
from benchmark.place import FOLDER, MASTER_KEY, Place, portal_on
from benchmark.rounds import Row, at_most, interleave, ratios, timed
from benchmark.site import site
from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.demo.cast import PASSWORD
from espace_citoyen.projections import model
from espace_citoyen.web import create_app

LARGE = 1000
"""Rows from which on a table is not to be read whole; a smaller one any planner reads so, and rightly."""


class Overheard(Cursor[Any]):
    """A cursor that keeps what it is asked, for EXPLAIN to be asked the same."""

    asked: list[tuple[bytes, Any]] = []  # noqa: RUF012 - one for all, on purpose

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Overheard":
        text = (
            query if isinstance(query, bytes) else query.encode() if isinstance(query, str) else query.as_bytes()
        )
        self.asked.append((text, params))
        super().execute(query, params, **options)
        return self


def measure(place: Place) -> list[Row]:
    """Read the page in turn in both towns; look for sequential scans in the plans of the large one."""
    name = million(place)
    with portal_on(place.fresh("nobody")) as portal:
        towns.settle(portal)
        towns.move_in(portal, READER)
        _project(portal)
    with portal_on(place.url(name)) as portal:
        rebuilt = timed(lambda: model.rebuild(portal))
        events, scans = portal.position(), _scans(portal)
    with (
        site(place.url("nobody"), "web") as empty,
        site(place.url(name), "web") as full,
        empty.signed_in(READER) as none,
        full.signed_in(READER) as many,
    ):
        times = 10 if place.quick else 40
        found = interleave(place.rounds, {"none": _reading(none, times), "many": _reading(many, times)})
    return [
        Row(f"modèle de lecture refait sur {_spaced(events)} événements", "/s", [events / rebuilt * 1000]),
        Row("« Mon accueil », rien de déposé en ville", "ms", found["none"]),
        Row(f"« Mon accueil », {_spaced(events)} événements projetés", "ms", found["many"]),
        Row("« Mon accueil », million / rien", "rapport", ratios(found["many"], found["none"]), at_most(1.5)),
        Row("grandes tables lues en entier par ses requêtes", "tables", [len(scans)], at_most(0)),
    ]


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _project(portal: Portal) -> None:
    with portal.connect() as connection:
        model.catch_up(portal, connection)


def _reading(browser: Browser, times: int) -> Callable[[], float]:
    asked = browser.request("GET", "/espace")

    def read() -> float:
        answers = [browser.line.ask(asked) for _ in range(times)]
        if any(answer.status != 200 for answer in answers):
            raise AssertionError("« Mon accueil » was refused")
        return median(answer.seconds * 1000 for answer in answers)

    return read


def _scans(portal: Portal) -> list[str]:
    """Return the large tables that the page's own queries, with its own parameters, would read whole."""
    with portal.connect() as connection:
        connection.execute("ANALYZE")
    pool: Any = portal.factory.datastore.pool  # type: ignore[attr-defined]  # PostgreSQL's has one
    pool.kwargs["cursor_factory"] = Overheard
    pool.drain()
    settings = Settings(
        env="demo",
        data_dir=FOLDER,
        base_url="http://localhost",
        files_url=f"file:{FOLDER}/files",
        secret_key="x" * 40,
        master_key=MASTER_KEY,
        database_url=portal.database_url,
    )
    visitor = create_app(portal, settings).test_client()
    token = forms_of(visitor.get("/connexion").text)[-1].values["csrf_token"]
    visitor.post("/connexion", data={"csrf_token": token, "username": READER, "password": PASSWORD})
    Overheard.asked.clear()
    if visitor.get("/espace").status_code != 200 or not Overheard.asked:
        raise AssertionError("« Mon accueil » asked nothing")
    return [table for query, parameters in Overheard.asked for table in _read_whole(portal, query, parameters)]


def _read_whole(portal: Portal, query: bytes, parameters: Any) -> list[str]:
    with portal.connect() as connection:
        row = connection.execute(b"EXPLAIN (VERBOSE, FORMAT JSON) " + query, parameters).fetchone()
        assert row is not None
        scanned = _sequential(row["QUERY PLAN"][0]["Plan"])
        return [table for table in scanned if _rows(connection, table) >= LARGE]


def _sequential(plan: dict[str, Any]) -> list[str]:
    below = [table for part in plan.get("Plans", ()) for table in _sequential(part)]
    own = [f"{plan['Schema']}.{plan['Relation Name']}"] if plan["Node Type"] == "Seq Scan" else []
    return own + below


def _rows(connection: Any, table: str) -> float:
    row = connection.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", (table,)).fetchone()
    return float(row["reltuples"])
