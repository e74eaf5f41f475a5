"""Pages as visitors get them: the reference page, the POST of an exchange, a long history, one's own write."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from uuid import uuid4

from benchmark.browser import Browser, forms_of
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, at_least, at_most, centile, interleave, ratios
from benchmark.site import answered, crowd_of, site
from benchmark.towns import Neighbour, give, move_in, settle

CLIENTS = 8
LENGTHS = (10, 100, 1000)
WRITES = 200
UNREAD_EACH = 10
TEXT = "Bonjour, voici la précision que vous m’avez demandée. Merci de votre réponse."


def measure_exchange(place: Place) -> list[Row]:
    """Post exchanges to requests of ten events from eight clients, in turn with the reference page."""
    seconds, requests = (0.5, 30) if place.quick else (1.0, 250)  # no stream grows by much
    with portal_on(place.fresh("pages")) as portal:
        desk = settle(portal)
        writers = [move_in(portal, f"voisin{number}") for number in range(CLIENTS)]
        for writer in writers:
            give(portal, desk, writer, [10] * requests)
    late: list[float] = []
    with site(place.url("pages")) as running, ExitStack() as closing:
        browsers = [closing.enter_context(running.signed_in(writer.username)) for writer in writers]
        reference = [always(browser.request("GET", "/reference")) for browser in browsers]
        sending = [sending_of(browser, writer) for browser, writer in zip(browsers, writers, strict=True)]

        def ask() -> float:
            return len(answered(200, crowd_of(running.port, reference, seconds=seconds))) / seconds

        def post() -> float:
            answers = answered(303, crowd_of(running.port, sending, seconds=seconds))
            late.extend(answer.seconds * 1000 for answer in answers)
            for browser in browsers:
                browser.get("/espace")  # what was flashed is shown, and forgotten
            return len(answers) / seconds

        found = interleave(place.rounds, {"reference": ask, "post": post})
    share = ratios(found["post"], found["reference"])
    return [
        Row("page de référence, 8 clients", "/s", found["reference"]),
        Row("POST d’un échange, 8 clients", "/s", found["post"]),
        Row("POST d’un échange / page de référence", "rapport", share, at_least(0.15)),
        Row("POST d’un échange, 8 clients, p95", "ms", [centile(late, 95)]),
    ]


def measure_history(place: Place) -> list[Row]:
    """Read histories of ten, a hundred and a thousand events, all of them on the page."""
    with portal_on(place.fresh("pages")) as portal:
        reader, desk = move_in(portal, "voisine"), settle(portal)
        give(portal, desk, reader, LENGTHS, read=False)
    with site(place.url("pages")) as running, running.signed_in(reader.username) as browser:
        reads = {}
        for length, reference in zip(LENGTHS, reader.references, strict=True):
            path = f"/demandes/{reference}/historique"
            browser.get(path)
            shown = browser.page.count('class="timeline__event"')
            if shown != length:
                raise AssertionError(f"{shown} of {length} events are on the page")
            reads[str(length)] = reading(browser, path, times=3 if place.quick else 8)
        found = interleave(place.rounds, reads)
    rows = [Row(f"« Historique » de {length} événements", "ms", found[str(length)]) for length in LENGTHS]
    return [*rows, Row("« Historique », 1000 / 10", "rapport", ratios(found["1000"], found["10"]), at_most(25))]


def measure_own_write(place: Place) -> list[Row]:
    """Open unread messages one by one: the badge of the very next page is to be one less."""
    writes = 40 if place.quick else WRITES
    with portal_on(place.fresh("pages")) as portal:
        reader, desk = move_in(portal, "voisine"), settle(portal)
        give(portal, desk, reader, [2 + UNREAD_EACH] * (writes // UNREAD_EACH), read=False)
    with site(place.url("pages")) as running, running.signed_in(reader.username) as browser:
        seen, added, calm = [], [], []
        for reference in reader.references:
            for _ in range(UNREAD_EACH):
                browser.get(f"/demandes/{reference}/echanges")
                opening = browser.form("/lecture")
                browser.get("/espace")
                before = _badge(browser)
                answered(303, [browser.post(opening.action, opening.values)])
                after_write = browser.get("/espace").seconds * 1000
                seen.append(float(_badge(browser) == before - 1))
                calm.append(browser.get("/espace").seconds * 1000)
                added.append(after_write - calm[-1])
    return [
        Row(f"sa propre écriture, vue sur {writes} fois", "fois", [sum(seen)], at_least(writes)),
        Row("« Mon accueil » au repos", "ms", calm),
        Row("ajouté quand il attend sa propre écriture", "ms", added, at_most(15)),
    ]


def reading(browser: Browser, path: str, *, times: int) -> Callable[[], float]:
    """Return what asks for a page so many times and gives the median, in milliseconds."""
    asked = browser.request("GET", path)

    def read() -> float:
        return median(answered(200, [browser.line.ask(asked)])[0].seconds * 1000 for _ in range(times))

    return read


def always(request: bytes) -> Callable[[int], bytes]:
    return lambda _: request


def sending_of(browser: Browser, writer: Neighbour) -> Callable[[int], bytes]:
    browser.get(f"/demandes/{writer.references[0]}/echanges")
    token = forms_of(browser.page)[-1].values["csrf_token"]

    def send(number: int) -> bytes:
        reference = writer.references[number % len(writer.references)]
        form = {"csrf_token": token, "id": str(uuid4()), "text": TEXT}
        return browser.request("POST", f"/demandes/{reference}/echanges", form)

    return send


def _badge(browser: Browser) -> int:
    found = re.search(r'class="badge">(\d+)<', browser.page)
    return int(found[1]) if found else 0
