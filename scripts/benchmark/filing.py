"""Filing a request: from the form filled in to the answer that it is filed."""

from collections.abc import Callable
from contextlib import ExitStack
from time import perf_counter
from uuid import uuid4

from benchmark.browser import Browser
from benchmark.pages import CLIENTS, always
from benchmark.place import Place, portal_on
from benchmark.rounds import Row, centile, interleave, ratios
from benchmark.site import answered, crowd_of, site
from benchmark.towns import move_in, settle
from espace_citoyen.web.schemas.procedures import QUESTION

SLUG = "acte-de-naissance"
EACH = 25
"""An account may file thirty times in a quarter of an hour."""
ANSWERS = {
    "title": "Mme",
    "preferred_contact": "Courriel",
    f"{QUESTION}document": "Copie intégrale",
    f"{QUESTION}nom": "Rousseau",
    f"{QUESTION}prenoms": "Camille Anne",
    f"{QUESTION}naissance-jour": "2",
    f"{QUESTION}naissance-mois": "11",
    f"{QUESTION}naissance-annee": "1984",
    f"{QUESTION}exemplaires": "1",
    f"{QUESTION}motif": "Demande de passeport",
    "etape": "valider",
}
"""What the form does not hold already: coordinates come from the account."""


def measure(place: Place) -> list[Row]:
    """Send filled forms from eight clients, in turn with the reference page: one request each, acknowledged.

    No account files more than `EACH` a round; what was counted against it is forgotten before the next.
    """
    with portal_on(place.fresh("pages")) as portal:
        settle(portal)
        filers = [move_in(portal, f"voisin{number}") for number in range(CLIENTS)]
    late: list[float] = []
    with portal_on(place.url("pages")) as portal, site(portal.database_url) as running, ExitStack() as closing:
        browsers = [closing.enter_context(running.signed_in(each.username)) for each in filers]
        reference = [always(browser.request("GET", "/reference")) for browser in browsers]
        filing = [_filing_of(browser) for browser in browsers]

        def ask() -> float:
            return len(answered(200, crowd_of(running.port, reference, seconds=1)))

        def file() -> float:
            with portal.connection() as connection:
                connection.execute("TRUNCATE plain.rate_limit")
            began = perf_counter()
            answers = answered(303, crowd_of(running.port, filing, times=5 if place.quick else EACH))
            late.extend(answer.seconds * 1000 for answer in answers)
            return len(answers) / (perf_counter() - began)

        found = interleave(place.rounds, {"reference": ask, "filing": file})
    share = ratios(found["filing"], found["reference"])
    return [
        Row("dépôt d’une demande, 8 clients", "/s", found["filing"]),
        Row("dépôt d’une demande / page de référence", "rapport", share),
        Row("dépôt d’une demande, 8 clients, p95", "ms", [centile(late, 95)]),
    ]


def _filing_of(browser: Browser) -> Callable[[int], bytes]:
    path = f"/demarches/{SLUG}"
    browser.get(path)
    form = browser.form(path)

    def file(_: int) -> bytes:
        return browser.request("POST", form.action, form.values | ANSWERS | {"id": str(uuid4())})

    return file
