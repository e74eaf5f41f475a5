"""Golden samples: events as they were once stored, byte for byte, under a key that is no secret."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from espace_citoyen.aggregates.events import Event
from espace_citoyen.store.mapper import SealingMapper, keys_at_hand, shape_of

FOLDER = Path(__file__).parent
KEY = bytes(range(32))

mapper = SealingMapper(transcoder=None)  # type: ignore[arg-type]  # it writes JSON itself


@dataclass(frozen=True)
class Sample:
    """One sample: what was stored, and the values that must be read from it for ever."""

    path: Path
    stored: StoredEvent
    expected: dict[str, Any]

    def opened(self) -> dict[str, Any]:
        """Return what this version of the code reads."""
        owner = self.stored.originator_id
        assert isinstance(owner, UUID)
        with keys_at_hand({owner: KEY}):
            return plain(vars(mapper.to_domain_event(self.stored)))


def path_of(kind: type[Event], version: int) -> Path:
    return FOLDER / kind.TOPIC.replace(":", "__") / f"v{version}.json"


def samples() -> list[Sample]:
    return [read(path) for path in sorted(FOLDER.glob("*/v*.json"))]


def read(path: Path) -> Sample:
    said = json.loads(path.read_text(encoding="utf-8"))
    stored = StoredEvent(
        originator_id=UUID(said["stream"]),
        originator_version=said["version"],
        topic=said["topic"],
        state=said["state"].encode(),
    )
    return Sample(path, stored, said["expected"])


def write(event: Event) -> Path:
    """Store an event as the present version of its class does; refuse when that sample exists."""
    path = path_of(type(event), shape_of(type(event)).version)
    owner: UUID = event.originator_id
    with keys_at_hand({owner: KEY}):
        stored = mapper.to_stored_event(event)
    sample = {
        "topic": stored.topic,
        "stream": str(owner),
        "version": stored.originator_version,
        "state": stored.state.decode(),
        "expected": plain(vars(event)),
    }
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(json.dumps(sample, ensure_ascii=False, indent=2) + "\n")
    return path


def plain(value: Any) -> Any:
    """Return a value as JSON says it, whatever its class."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
