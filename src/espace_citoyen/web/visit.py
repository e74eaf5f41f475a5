"""The session of one visitor, as Flask and Flask-WTF see it: a mapping read when first looked into."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import flask
from flask.sessions import SessionMixin

from espace_citoyen.aggregates.actor import Actor


@dataclass(kw_only=True)
class Content:
    """What a session holds once it was read; `owner` outlives an expired session, to give back its text."""

    data: dict[str, Any] = field(default_factory=dict)
    actor: Actor | None = None
    owner: UUID | None = None
    digest: bytes | None = None
    position: int = 0
    last_seen_at: datetime | None = None


class Session(SessionMixin):
    """A mapping for Flask and Flask-WTF that costs one SELECT when first looked into, and none before."""

    def __init__(self, read: Callable[[], Content]) -> None:
        self._read = read
        self._content: Content | None = None
        self.modified = False
        self.token: str | None = None

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
