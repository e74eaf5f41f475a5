#!/usr/bin/env python3
"""Write the golden sample of each event, or version of one, that has none yet; never touches one that exists.

Usage: .venv/bin/python scripts/golden_sample.py [TOPIC …]
"""

import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from espace_citoyen.store.mapper import shape_of
from every_event import every_event
from golden import samples


def main(topics: list[str]) -> None:
    for event in every_event():
        kind = type(event)
        path = samples.path_of(kind, shape_of(kind).version)
        if not path.exists() and (not topics or kind.TOPIC in topics):
            note(samples.write(event))
            print(path)


def note(path: Path) -> None:
    """Add the sum of a new sample to those that no sample may differ from."""
    name = path.relative_to(samples.FOLDER)
    with (samples.FOLDER / "SHA256SUMS").open("a") as sums:
        sums.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
