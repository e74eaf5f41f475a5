"""The large town: a hundred thousand requests in one department, a million events; kept for the next time."""

import hashlib
import sys
from pathlib import Path

import espace_citoyen
from benchmark import crowd, towns
from benchmark.place import Place, portal_on

READER = "voisine"
"""Somebody of that town who can sign in."""
CITIZENS = 20_000


def million(place: Place) -> str:
    """Return the name of the large data set, made when this version of the events has none yet."""
    citizens = CITIZENS // 50 if place.quick else CITIZENS
    version = f"million_{_version()}"
    name = f"{version}_{citizens}"
    if not place.has(name):
        place.drop_former("million", but=version)
        print(f"  loading {citizens:,} citizens", file=sys.stderr, flush=True)
        with portal_on(place.fresh("loading")) as portal:
            desk, reader = towns.settle(portal), towns.move_in(portal, READER)
            crowd.fill(portal, desk, citizens=citizens)
            towns.give(portal, desk, reader, [10] * crowd.REQUESTS_EACH, read=False)
        place.rename("loading", name)
    return name


def _version() -> str:
    """Return what the data set depends on: the events, how they are stored, and how many of which there are."""
    package, digest = Path(espace_citoyen.__file__).parent, hashlib.sha256()
    decisive = [*sorted((package / "aggregates").rglob("*.py")), package / "store/mapper.py", Path(crowd.__file__)]
    for path in decisive:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
