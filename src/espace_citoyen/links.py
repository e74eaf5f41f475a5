"""What the holder of a link, or of a reply address, proves: nothing is stored, the server key tells (S33, S45)."""

import base64
import binascii
import hmac
from uuid import UUID

from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.application import Portal

_MAC = 16
"""128 bits of the HMAC are in a token."""
_MOST_LINKS = 8
"""As many links as a request may have had: the former one ends when it is linked to an account, which is once."""


def tracking_token(portal: Portal, request: ServiceRequest) -> str:
    """Return the token of a request's tracking link: its id and an HMAC over id and serial, fit for an address."""
    return _tracking(portal, request.id, request.link_serial)


class LinkEnded(NotFound):
    """A tracking link of ours that is over: its `request` belongs to an account, or the link was drawn anew."""

    def __init__(self, request: ServiceRequest) -> None:
        super().__init__("A link that is over")
        self.request = request


def followed(portal: Portal, token: str) -> ServiceRequest:
    """Return the request that a tracking token opens.

    Raise NotFound for a token we did not make, LinkEnded for one that is over, Erased when the request is.
    """
    request_id = _id_of(_decoded(token, base64.urlsafe_b64decode))
    serial = _serial_of(portal, request_id, token)
    request = portal.get(ServiceRequest, request_id)
    if request.citizen_id is not None or serial != request.link_serial:
        raise LinkEnded(request)
    return request


def _serial_of(portal: Portal, request_id: UUID, token: str) -> int:
    """Return the serial that a token was made with; one that we did not make tells nothing of any request."""
    for serial in range(1, _MOST_LINKS + 1):
        if hmac.compare_digest(token.encode(), _tracking(portal, request_id, serial).encode()):
            return serial
    raise NotFound("A link that leads nowhere")


def reply_token(portal: Portal, request_id: UUID) -> str:
    """Return what a reply address holds: lower case and digits, since mail servers change the case."""
    return base64.b32encode(_signed(portal, "reply", request_id, 0)).decode().rstrip("=").lower()


def replied_to(portal: Portal, token: str) -> ServiceRequest:
    """Return the request that a reply address is about; raise NotFound, or Erased."""
    request_id = _id_of(_decoded(token.upper(), base64.b32decode))
    if not hmac.compare_digest(token.lower().encode(), reply_token(portal, request_id).encode()):
        raise NotFound("A reply address that is not ours")
    return portal.get(ServiceRequest, request_id)


def _tracking(portal: Portal, request_id: UUID, serial: int) -> str:
    return base64.urlsafe_b64encode(_signed(portal, "tracking", request_id, serial)).decode().rstrip("=")


def _signed(portal: Portal, purpose: str, request_id: UUID, serial: int) -> bytes:
    return request_id.bytes + portal.keys.hmac(purpose, f"{request_id} {serial}")[:_MAC]


def _decoded(token: str, decode: object) -> bytes:
    assert callable(decode)
    try:
        padded = token + "=" * (-len(token) % 8)
        decoded: bytes = decode(padded.encode("ascii"))
    except (ValueError, binascii.Error):
        raise NotFound("Not a token") from None
    return decoded


def _id_of(decoded: bytes) -> UUID:
    if len(decoded) != _MAC + 16:
        raise NotFound("Not a token")
    return UUID(bytes=decoded[:16])
