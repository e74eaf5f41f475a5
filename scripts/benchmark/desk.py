"""The queue of a department that has a hundred thousand requests: by every column, both ways, far or near."""

import html
import re
from collections.abc import Callable
from math import ceil
from statistics import median

from benchmark.browser import Browser
from benchmark.crowd import REQUESTS_EACH
from benchmark.million import CITIZENS, million
from benchmark.pages import reading
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, at_most, interleave, ratios
from benchmark.site import site

AGENT = "dominique"
SORTS = {
    "depot": "dépôt",
    "reference": "référence",
    "demarche": "démarche",
    "demandeur": "demandeur",
    "etat": "état",
    "message": "dernier message",
}
WAYS = ("croissant", "decroissant")


def measure(place: Place) -> list[Row]:
    """Read the first page, the last, and one in the middle to which one turns, for every sort, both ways.

    Of each column, the slowest of these six pages is told.
    """
    name = million(place)
    with portal_on(place.url(name)) as portal, portal.connect() as connection:
        connection.execute("VACUUM (ANALYZE) request")  # as autovacuum would have by then
        connection.execute("ANALYZE")
    times = 2 if place.quick else 4
    with site(place.url(name), "web") as running, running.signed_in(AGENT) as browser:
        reads = {"reference": reading(browser, "/reference", times=10)}
        for sort in SORTS:
            for path in _pages(browser, sort):
                reads[f"{sort} {path}"] = _full(browser, path, times)
        found = interleave(place.rounds, reads)
    reference = found.pop("reference")
    rows = []
    for sort, column in SORTS.items():
        values = [ratios(read, reference) for key, read in found.items() if key.startswith(f"{sort} ")]
        said = f"file de {_requests(place)} demandes par {column} / page de référence"
        rows.append(Row(said, "rapport", max(values, key=median), at_most(5)))
    return [Row("file d’attente, première page", "ms", found[f"depot {_address('depot', WAYS[0], 1)}"]), *rows]


def _pages(browser: Browser, sort: str) -> list[str]:
    """Return six addresses: those that the pages themselves offer."""
    paths = []
    for way in WAYS:
        first = _address(sort, way, 1)
        browser.get(first)
        last = _link(browser, max(map(int, re.findall(r"[?&]page=(\d+)", html.unescape(browser.page)))))
        browser.get(_address(sort, way, ceil(_page_of(last) / 2)))
        paths += [first, last, _link(browser, ceil(_page_of(last) / 2) + 1)]
    return paths


def _address(sort: str, way: str, page: int) -> str:
    return f"/agents/?tri={sort}&ordre={way}&page={page}"


def _link(browser: Browser, page: int) -> str:
    """Return where the present page leads for another one."""
    links = re.findall(r'href="(/agents/\?[^"]*)"', browser.page)
    return next(link for link in map(html.unescape, links) if _page_of(link) == page)


def _page_of(address: str) -> int:
    found = re.search(r"[?&]page=(\d+)", address)
    return int(found[1]) if found else 0


def _full(browser: Browser, path: str, times: int) -> Callable[[], float]:
    browser.get(path)
    if browser.page.count("<tr") < 2:
        raise AssertionError(f"no request on {path}")
    return reading(browser, path, times=times)


def _requests(place: Place) -> str:
    requests = REQUESTS_EACH * (CITIZENS // 50 if place.quick else CITIZENS)
    return f"{requests:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
