"""The proof that a browser opened a tracking link: a signed cookie, so that opening it writes nothing (S33)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

import flask
from itsdangerous import BadData, URLSafeSerializer

from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.refusals import Erased, NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That the link of a request was opened here, while it had that serial; `proof_id` is put away with it."""

    proof_id: UUID
    request_id: UUID
    serial: int
    began_at: datetime
    seen_at: datetime

    @classmethod
    def of(cls, request: ServiceRequest, at: datetime) -> Self:
        """The proof of a request's link as it is now."""
        return cls(proof_id=uuid4(), request_id=request.id, serial=request.link_serial, began_at=at, seen_at=at)

    @property
    def holder(self) -> Actor:
        """Who holds it, without a name: what an account shows to be given the request (S32)."""
        return Actor(kind=ActorKind.LINK_HOLDER, channel=Channel.WEB, id=self.request_id)


class Proofs:
    """Reads and writes the cookie of proofs: worth nothing once put away, idle, old, or of a link that ended."""

    def __init__(self, portal: Portal, clock: Callable[[], datetime], *, secret: str, secure: bool) -> None:
        self.portal = portal
        self.clock = clock
        self.signer = URLSafeSerializer(secret, salt="tracking-link")
        self.secure = secure
        self.cookie = "__Host-suivi" if secure else "suivi"

    def read(self, cookie: str) -> Proof | None:
        """Return the proof of a cookie, unless it is not ours, too old, or put away."""
        proof = self._unsealed(cookie) if cookie else None
        if proof is None:
            return None
        now = self.clock()
        if now - proof.seen_at >= IDLE or now - proof.began_at >= ABSOLUTE:
            return None
        with self.portal.connection() as connection:
            query = "SELECT spent_id FROM plain.spent WHERE spent_id = %s"
            return None if connection.execute(query, (proof.proof_id,)).fetchone() else proof

    def holder(self, proof: Proof) -> Actor | None:
        """Return who holds the link, by name (none when the request was erased), or None once it has ended."""
        try:
            request = self.portal.get(ServiceRequest, proof.request_id)
        except Erased:
            return proof.holder
        except NotFound:
            return None
        if request.citizen_id is not None or request.link_serial != proof.serial:
            return None
        name = f"{request.applicant['first_name']} {request.applicant['last_name']}"
        return replace(proof.holder, name=name)

    def put_away(self, proof: Proof) -> None:
        """End a proof for good: a copy of its cookie is worth nothing either."""
        with self.portal.connection() as connection:
            connection.execute(
                "INSERT INTO plain.spent (spent_id, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (proof.proof_id, proof.began_at + ABSOLUTE),
            )

    def set(self, response: flask.Response, proof: Proof | None) -> None:
        """Give the browser this proof as seen now, or take back the one it has."""
        if proof is None:
            response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="Lax")
            return
        seen = (proof.began_at.timestamp(), self.clock().timestamp())
        sealed = self.signer.dumps([proof.proof_id.hex, proof.request_id.hex, proof.serial, *seen])
        response.set_cookie(self.cookie, str(sealed), path="/", secure=self.secure, httponly=True, samesite="Lax")

    def is_to_be_seen_again(self, proof: Proof) -> bool:
        """Whether the cookie should say anew when its holder was here."""
        return self.clock() - proof.seen_at >= SEEN_EVERY

    def _unsealed(self, cookie: str) -> Proof | None:
        try:
            proof_id, request_id, serial, began, seen = self.signer.loads(cookie)
        except (BadData, TypeError, ValueError):
            return None
        return Proof(
            proof_id=UUID(proof_id),
            request_id=UUID(request_id),
            serial=serial,
            began_at=datetime.fromtimestamp(began, UTC),
            seen_at=datetime.fromtimestamp(seen, UTC),
        )
