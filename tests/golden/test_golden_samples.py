"""Every event ever written can be read for ever: its sample is never changed, and never unreadable."""

import hashlib

import pytest

from espace_citoyen.aggregates.events import Event
from espace_citoyen.store.mapper import shape_of
from every_event import event_classes, every_event
from golden.samples import FOLDER, Sample, path_of, samples

SUMS = FOLDER / "SHA256SUMS"


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: f"{sample.path.parent.name}-{sample.path.stem}")
def test_a_sample_opens_to_what_was_written(sample: Sample) -> None:
    opened = sample.opened()
    assert {name: opened.get(name) for name in sample.expected} == sample.expected


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.TOPIC)
def test_every_event_has_a_sample_of_each_of_its_versions(kind: type[Event]) -> None:
    missing = [version for version in range(1, shape_of(kind).version + 1) if not path_of(kind, version).is_file()]
    assert missing == [], f"add its deed to tests/every_event.py, then run scripts/golden_sample.py {kind.TOPIC}"


def test_no_sample_was_ever_changed_or_left_out() -> None:
    noted = dict(reversed(line.split("  ")) for line in SUMS.read_text().splitlines())
    found = {
        str(path.relative_to(FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.glob("*/v*.json")
    }
    assert found == noted, "a stored event cannot be changed: write an upcast, or a new event"


def test_the_story_tells_every_event_there_is() -> None:
    assert {type(event) for event in every_event()} == set(event_classes())
