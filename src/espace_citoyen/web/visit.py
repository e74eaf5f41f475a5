"""The session of one visitor, as Flask and Flask-WTF see it: a mapping read when first looked into."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import flask
from flask.sessions import SessionMixin

from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel, Role
from espace_citoyen.web.tracking import Proof


@dataclass(kw_only=True)
class Content:
    """What a session holds once it was read; `owner` outlives an expired session, to give back its text.

    `proof` is that of a tracking link opened here: it makes its holder the actor where nobody is signed in.
    """

    data: dict[str, Any] = field(default_factory=dict)
    actor: Actor | None = None
    owner: UUID | None = None
    digest: bytes | None = None
    position: int = 0
    last_seen_at: datetime | None = None
    proof: Proof | None = None

    @property
    def has_account(self) -> bool:
        """Whether somebody is signed in, rather than at most the holder of a link."""
        return self.actor is not None and self.actor.kind is not ActorKind.LINK_HOLDER


class Session(SessionMixin):
    """A mapping for Flask and Flask-WTF that costs one SELECT when first looked into, and none before."""

    def __init__(self, read: Callable[[], Content]) -> None:
        self._read = read
        self._content: Content | None = None
        self.modified = False
        self.token: str | None = None
        self.proof_changed = False

    @property
    def opened(self) -> bool:
        """Whether anything looked into this session."""
        return self._content is not None

    @property
    def content(self) -> Content:
        """The content, read once."""
        if self._content is None:
            self._content = self._read()
        return self._content

    @property
    def actor(self) -> Actor | None:
        """Who is signed in."""
        return self.content.actor

    @property
    def position(self) -> int:
        """The position of this visitor's last write."""
        return self.content.position

    def remember(self, position: int | None) -> None:
        """Raise the position to be read back and forget the text parked for this write."""
        self.content.position = max(self.content.position, position or 0)
        parked = self.content.data.get("parked")
        if parked is not None and parked["path"].partition("?")[0] == flask.request.path:
            del self.content.data["parked"]
        self.modified = True

    def replace(self, content: Content, token: str | None) -> None:
        """Become another session: at sign-in and sign-out nothing of the former one is kept."""
        self._content, self.token, self.modified = content, token, True
        flask.g.pop("csrf_token", None)

    def follow(self, proof: Proof | None, holder: Actor | None = None) -> None:
        """Hold the proof of a link from now on, or none; `holder` acts under it where nobody is signed in."""
        if not self.content.has_account:
            token = {name: kept for name, kept in self.content.data.items() if name == "csrf_token"}
            self._content = Content(data=token, actor=holder, owner=holder.id if holder else None)
        self.content.proof = proof
        self.proof_changed = True

    def __getitem__(self, key: str) -> Any:
        return self.content.data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.content.data[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.content.data[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.content.data)

    def __len__(self) -> int:
        return len(self.content.data)


def fact_of(actor: Actor) -> dict[str, Any]:
    """What a row keeps of whoever acts: nothing of the holder of a link but that they hold one."""
    return {
        "kind": actor.kind.value,
        "name": "" if actor.kind is ActorKind.LINK_HOLDER else actor.name,
        "capacity": actor.capacity,
        "departments": sorted(str(department) for department in actor.departments),
        "roles": sorted(role.value for role in actor.roles),
    }


def actor_of(person_id: UUID, fact: dict[str, Any]) -> Actor:
    """Whoever acts, from what a row keeps of them."""
    return Actor(
        kind=ActorKind(fact["kind"]),
        channel=Channel.WEB,
        id=person_id,
        name=fact["name"],
        capacity=fact["capacity"],
        departments=frozenset(UUID(department) for department in fact["departments"]),
        roles=frozenset(Role(role) for role in fact["roles"]),
    )
