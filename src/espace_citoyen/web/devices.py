"""A browser that once signed in to an account: strangers who exhaust the account's attempts do not lock it out."""

import hashlib
import secrets

import flask
from itsdangerous import BadData, URLSafeSerializer

AGE_SECONDS = 180 * 24 * 3600


def remember(response: flask.Response, account: str, *, secure: bool) -> None:
    """Mark this browser as one that knows the password of `account` (OWASP, "device cookies")."""
    value = _signer().dumps([_digest(account), secrets.token_hex(16)])
    response.set_cookie(
        _name(secure=secure), str(value), AGE_SECONDS, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def known(account: str) -> str | None:
    """Return the number of this browser if it once signed in to `account`."""
    for secure in (True, False):
        try:
            digest, number = _signer().loads(flask.request.cookies.get(_name(secure=secure), ""))
        except (BadData, TypeError, ValueError):
            continue
        if secrets.compare_digest(str(digest), _digest(account)):
            return str(number)
    return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(flask.current_app.secret_key), salt="known-device")


def _digest(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()


def _name(*, secure: bool) -> str:
    return "__Host-appareil" if secure else "appareil"
