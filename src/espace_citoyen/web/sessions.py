"""Sessions as rows of `plain.session`; a visitor who is not signed in carries only signed cookies."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import flask
import psycopg
import structlog
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeSerializer
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.application import Portal
from espace_citoyen.web.tracking import ABSOLUTE, IDLE, SEEN_EVERY, Proofs
from espace_citoyen.web.visit import Content, Session, actor_of, fact_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEPT = timedelta(hours=24)
SWEEP = (
    "DELETE FROM plain.session WHERE token_hash IN"
    " (SELECT token_hash FROM plain.session WHERE created_at < %s LIMIT 100 FOR UPDATE SKIP LOCKED)"
)
UPDATE = """
WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE plain.session SET data = %s, position = greatest(position, %s), last_seen_at = %s
FROM soon WHERE token_hash = %s
"""
"""Does not wait for the disk: losing this line to a crash loses at most the last visit's time and message."""

log = structlog.get_logger()


class Sessions(SessionInterface):
    """Opens and saves sessions; a token of 256 bits is in the cookie, only its SHA-256 in the database."""

    def __init__(self, portal: Portal, clock: Callable[[], datetime], *, secret: str, secure: bool) -> None:
        self.portal = portal
        self.clock = clock
        self.signer = URLSafeSerializer(secret, salt="visitor-without-session")
        self.secure = secure
        self.cookie = "__Host-session" if secure else "session"
        self.proofs = Proofs(portal, clock, secret=secret, secure=secure)

    def open_session(self, app: flask.Flask, request: flask.Request) -> Session:
        """Return the session of this request's cookies, unread."""
        del app
        cookie, proof = (request.cookies.get(name, "") for name in (self.cookie, self.proofs.cookie))
        return Session(lambda: self._content(cookie, proof))

    def save_session(self, app: flask.Flask, session: SessionMixin, response: flask.Response) -> None:
        """Write what changed, and at most once a minute that the visitor is there; set the cookie if new."""
        del app
        if not isinstance(session, Session) or not session.opened or flask.g.get("without_database"):
            return
        response.vary.add("Cookie")
        content = session.content
        if session.modified and self._deserves_a_row(content):
            session.token = self._insert(content)
        elif content.digest is not None:
            self._save_row(content, modified=session.modified)
        self._save_proof(session, response)
        if session.token is not None:
            self._set_cookie(response, session.token)
        elif session.modified and content.digest is None:
            self._set_cookie(response, "v." + str(self.signer.dumps(content.data)))

    def begin(self, session: Session, actor: Actor) -> None:
        """Sign somebody in under a new token; the former session dies, long dead ones are swept.

        The proof of a tracking link stays in its own cookie: they may want to give its request to their account.
        """
        content = Content(actor=actor, data={"csrf_token": secrets.token_hex(32)}, proof=session.content.proof)
        with self.portal.connection() as connection:
            connection.execute("DELETE FROM plain.session WHERE token_hash = %s", (session.content.digest or b"",))
        session.replace(content, self._insert(content))

    def end(self, session: Session) -> None:
        """Sign out: the row is gone before the answer leaves, a copied cookie is worth nothing."""
        with self.portal.connection() as connection:
            connection.execute("DELETE FROM plain.session WHERE token_hash = %s", (session.content.digest or b"",))
        if session.content.proof:
            self.proofs.put_away(session.content.proof)
            session.proof_changed = True
        session.replace(Content(), None)

    def _content(self, cookie: str, proof_cookie: str) -> Content:
        """What the visitor's cookies lead to; only a live proof makes anybody the holder of a link."""
        content = self._kept(cookie)
        content.proof = self.proofs.read(proof_cookie)
        if content.has_account:
            return content
        of = content.owner if content.digest else None
        holder = self.proofs.holder(content.proof) if content.proof else None
        if of is not None and (holder is None or holder.id != of):
            content = Content(
                proof=content.proof
            )  # what was kept for the holder of another link, or one that ended
        content.actor = holder
        content.owner = holder.id if holder else content.owner
        return content

    def _kept(self, cookie: str) -> Content:
        if cookie.startswith("v."):
            return Content(data=self._signed(cookie.removeprefix("v.")))
        return self._row(_digest(cookie)) if cookie else Content()

    def _signed(self, payload: str) -> dict[str, Any]:
        try:
            return dict(self.signer.loads(payload))
        except (BadData, TypeError, ValueError):
            return {}

    def _row(self, digest: bytes) -> Content:
        with self.portal.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(
                "SELECT person_id, actor, data, position, created_at, last_seen_at"
                " FROM plain.session WHERE token_hash = %s",
                (digest,),
            ).fetchone()
        if row is None:
            return Content()
        now = self.clock()
        if now - row["last_seen_at"] >= IDLE or now - row["created_at"] >= ABSOLUTE:
            return Content(owner=row["person_id"])
        return Content(
            data=row["data"],
            actor=actor_of(row["person_id"], row["actor"]),
            owner=row["person_id"],
            digest=digest,
            position=row["position"],
            last_seen_at=row["last_seen_at"],
        )

    def _deserves_a_row(self, content: Content) -> bool:
        """Whether the holder of a link writes for the first time: until then, nothing is kept of them here."""
        writes = flask.request.method not in SAFE_METHODS
        return content.digest is None and content.actor is not None and writes

    def _insert(self, content: Content) -> str:
        """Write a new session down, sweep long dead ones, and return its token."""
        token, now = secrets.token_urlsafe(32), self.clock()
        content.digest, content.last_seen_at = _digest(token), now
        assert content.actor is not None
        content.owner = content.actor.id
        with self.portal.connection() as connection, connection.transaction():
            connection.execute(SWEEP, (now - KEPT,))
            connection.execute(
                "INSERT INTO plain.session (token_hash, person_id, actor, data, position,"
                " created_at, last_seen_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (
                    content.digest,
                    content.actor.id,
                    Jsonb(fact_of(content.actor)),
                    Jsonb(content.data),
                    content.position,
                    now,
                    now,
                ),
            )
        return token

    def _save_proof(self, session: Session, response: flask.Response) -> None:
        """Set the cookie of the proof when it changed, and once a minute that its holder is there."""
        proof, holds = session.content.proof, not session.content.has_account
        if session.proof_changed or (proof and holds and self.proofs.is_to_be_seen_again(proof)):
            self.proofs.set(response, proof)

    def _save_row(self, content: Content, *, modified: bool) -> None:
        now = self.clock()
        if not modified and content.last_seen_at and now - content.last_seen_at < SEEN_EVERY:
            return
        try:
            with self.portal.connection() as connection:
                connection.execute(
                    UPDATE, (Jsonb(content.data), content.position, now, content.digest), prepare=True
                )
        except psycopg.OperationalError as error:  # the page is answered: it shall not fail for this
            log.warning("session not saved", error=type(error).__name__)

    def _set_cookie(self, response: flask.Response, value: str) -> None:
        response.set_cookie(self.cookie, value, path="/", secure=self.secure, httponly=True, samesite="Lax")


def end_all_of(portal: Portal, person_id: UUID) -> None:
    """End every session of somebody: after a reset, a change of rights or an erasure."""
    with portal.connection() as connection:
        connection.execute("DELETE FROM plain.session WHERE person_id = %s", (person_id,))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
