"""What the processes of a running portal hold in memory, after a thousand requests and after ten thousand."""

from collections.abc import Callable
from contextlib import ExitStack

from benchmark.browser import Browser
from benchmark.pages import CLIENTS, sending_of
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, at_most
from benchmark.site import crowd_of, site
from benchmark.towns import Neighbour, give, move_in, settle

FIRST, THEN = 1_000, 10_000


def measure(place: Place) -> list[Row]:
    """Visit pages and post exchanges from eight clients; look at each process of the portal twice."""
    first, then = (FIRST, 3 * FIRST) if place.quick else (FIRST, THEN)
    with portal_on(place.fresh("pages")) as portal:
        desk = settle(portal)
        visitors = [move_in(portal, f"voisin{number}") for number in range(CLIENTS)]
        for visitor in visitors:
            give(portal, desk, visitor, [10] * 60)
    with site(place.url("pages"), "serve") as running, ExitStack() as closing:
        browsers = [closing.enter_context(running.signed_in(visitor.username)) for visitor in visitors]
        walks = [_walk(browser, visitor) for browser, visitor in zip(browsers, visitors, strict=True)]
        _walked(running.port, walks, first)
        before = running.memory()
        _walked(running.port, walks, then - first)
        after = running.memory()
    grown = [after[name] / before[name] for name in before if name in after]
    kept = [
        Row(f"mémoire de « {name.rpartition(' ')[0]} »", "Mio", [size]) for name, size in sorted(after.items())
    ]
    return [
        *kept,
        Row(f"mémoire du plus gros processus après {first} requêtes", "Mio", [max(before.values())], at_most(200)),
        Row(f"mémoire après {then} requêtes / après {first}, au pire", "rapport", [max(grown)], at_most(1.05)),
    ]


def _walk(browser: Browser, visitor: Neighbour) -> Callable[[int], bytes]:
    """Return what a visitor asks next: four pages, then a message, again and again."""
    send = sending_of(browser, visitor)

    def ask(number: int) -> bytes:
        reference = visitor.references[number // 5 % len(visitor.references)]
        pages = (
            "/espace",
            "/espace/demandes",
            f"/demandes/{reference}/historique",
            f"/demandes/{reference}/echanges",
        )
        step = number % 5
        return send(number // 5) if step == 4 else browser.request("GET", pages[step])

    return ask


def _walked(port: int, walks: list[Callable[[int], bytes]], requests: int) -> None:
    wrong = {answer.status for answer in crowd_of(port, walks, times=requests // len(walks))} - {200, 303}
    if wrong:
        raise AssertionError(f"answered with {wrong}")
