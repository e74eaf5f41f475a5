"""The security code: digits to copy from a picture or a voice, or a computation by the browser instead (S04).

A page draws a challenge; nothing is kept of it but in the page, sealed. It is good for one deed, for twenty
minutes.
"""

import base64
import binascii
import hmac
import json
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import altcha
import flask
from captcha.image import ImageCaptcha
from cryptography.exceptions import InvalidTag

from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.application import Portal
from espace_citoyen.store.keys import decrypt, encrypt
from espace_citoyen.web import context, forms
from espace_citoyen.web.schemas.accounts import SecurityCode

CODE, SEALED, PROOF = "code_de_securite", "code_scelle", "preuve_de_calcul"
"""The fields of the form: what was copied, the challenge, and the result of the computation."""
FIELDS = frozenset({CODE, SEALED, PROOF})

DIGITS, LENGTH = "23456789", 6
"""Without those that look or sound like others."""
LASTS = timedelta(minutes=20)
COST, EASIEST, HARDEST = 10_000, 60, 180
"""Iterations of PBKDF2 a try, and how many tries: a second or two of a telephone."""
SLATE, PAPER = (31, 58, 84), (255, 255, 255)

MISSING = "Recopiez le code de sécurité."
EXPIRED = "Ce code n’était plus valable. Recopiez le nouveau."
WRONG = "Ce n’était pas le bon code. En voici un autre\N{NO-BREAK SPACE}: recopiez-le."

_PLACE = b"security-code"
_FACTS = struct.Struct(">16sQ")


class _Picture(ImageCaptcha):
    """Digits that lean less than the library's, so that a 6 is no 9, and as dark as their colour."""

    lookup_table = [min(255, 5 * shade) for shade in range(256)]  # noqa: RUF012 - the library's own declaration
    character_rotate = (-18, 18)
    word_offset_dx = 0.12


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """Digits to be copied, for one deed at most (`challenge_id` is then spent), until an instant."""

    challenge_id: UUID
    digits: str
    expires_at: datetime

    def picture(self) -> bytes:
        """The digits as a PNG, a little different each time."""
        made: BytesIO = _Picture(width=240, height=80, font_sizes=(50, 54, 58)).generate(
            self.digits, bg_color=PAPER, fg_color=SLATE
        )
        return made.getvalue()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a page needs to ask: the sealed challenge, and the computation in ALTCHA's terms, as JSON in base64."""

    sealed: str
    computation: str


def draw() -> Drawn:
    """Draw a new challenge for the page being shown; nothing is written."""
    portal = context.portal()
    challenge = Challenge(
        challenge_id=uuid4(),
        digits="".join(secrets.choice(DIGITS) for _ in range(LENGTH)),
        expires_at=context.now() + LASTS,
    )
    computation = altcha.create_challenge(
        "PBKDF2/SHA-256",
        COST,
        counter=EASIEST + secrets.randbelow(HARDEST - EASIEST),
        data={"id": challenge.challenge_id.hex},
        hmac_secret=_key(portal, "computation"),
    )
    said = json.dumps(computation.to_dict()).encode()
    return Drawn(sealed=seal(portal, challenge), computation=base64.b64encode(said).decode())


def seal(portal: Portal, challenge: Challenge) -> str:
    """Return a challenge as pages and addresses carry it: only this portal opens it."""
    facts = _FACTS.pack(challenge.challenge_id.bytes, int(challenge.expires_at.timestamp()))
    plain = facts + challenge.digits.encode()
    return base64.urlsafe_b64encode(encrypt(_key(portal, "sealed"), plain, _PLACE)).decode()


def opened(portal: Portal, sealed: str, *, at: datetime) -> Challenge:
    """Return the challenge that a page of ours sealed; raise NotFound for anything else, and for one expired."""
    try:
        plain = decrypt(_key(portal, "sealed"), base64.urlsafe_b64decode(sealed.encode("ascii")), _PLACE)
    except (ValueError, binascii.Error, InvalidTag):
        raise NotFound("Not a challenge of ours") from None
    raw_id, until = _FACTS.unpack_from(plain)
    expires_at = datetime.fromtimestamp(until, UTC)
    if expires_at <= at:
        raise NotFound("An expired challenge")
    return Challenge(challenge_id=UUID(bytes=raw_id), digits=plain[_FACTS.size :].decode(), expires_at=expires_at)


def refusal(deed_id: UUID) -> str:
    """Return what to say beside the field about the code just sent, nothing when it is right.

    One try spends the challenge, right or wrong; the deed it was right for, sent twice, is let through twice.
    """
    sent = flask.request.form
    if not _copied(sent) and not sent.get(PROOF):
        return MISSING
    try:
        challenge = opened(context.portal(), sent.get(SEALED, ""), at=context.now())
    except NotFound:
        return EXPIRED
    right = _is_right(challenge, _copied(sent)) or _is_computed(challenge, sent.get(PROOF, ""))
    return "" if _spent_for(challenge, deed_id if right else None) == deed_id else WRONG


def form(wrong: str = "") -> forms.Form:
    """The field to copy the code into, always empty: `wrong` is what `refusal` said of the former one."""
    blank = forms.Form(schema=SecurityCode())
    return blank.with_error(wrong, CODE) if wrong else blank


def _copied(sent: Any) -> str:
    """The digits that were typed, whatever stands between them; there is no 1, so what looks like one is a 7."""
    return "".join(sent.get(CODE, "").split()).replace("1", "7")


def _is_right(challenge: Challenge, copied: str) -> bool:
    return hmac.compare_digest(copied.encode(), challenge.digits.encode())


def _is_computed(challenge: Challenge, proof: str) -> bool:
    """Whether this is the result of the computation drawn with this very challenge."""
    try:
        payload = altcha.Payload.from_base64(proof)
        about = (payload.challenge.parameters.data or {}).get("id")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    if about != challenge.challenge_id.hex:
        return False
    return altcha.verify_solution(payload, _key(context.portal(), "computation")).verified


def _spent_for(challenge: Challenge, deed_id: UUID | None) -> UUID | None:
    """Spend a challenge for a deed, or for none, and return the deed it is spent for: the first wins."""
    with context.portal().connection() as connection:
        row = connection.execute(
            "INSERT INTO plain.spent AS mine (spent_id, deed_id, expires_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (spent_id) DO UPDATE SET expires_at = mine.expires_at RETURNING deed_id",
            (challenge.challenge_id, deed_id, challenge.expires_at),
        ).fetchone()
    return row["deed_id"] if row else None


def _key(portal: Portal, purpose: str) -> bytes:
    return portal.keys.hmac("security-code", purpose)
