"""The headers of every answer: what a browser may load, keep, tell others and frame."""

import secrets
from typing import cast
from urllib.parse import urlsplit, urlunsplit

import flask
from werkzeug.routing import RequestRedirect

from espace_citoyen.web import assets

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=63072000; includeSubDomains"
POLICY = (
    "default-src 'none'",
    "script-src 'nonce-{nonce}'",
    "style-src 'nonce-{nonce}'",
    "img-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def nonce() -> str:
    """The number that this page's own scripts and style sheets carry."""
    if "nonce" not in flask.g:
        flask.g.nonce = secrets.token_urlsafe(16)
    return cast("str", flask.g.nonce)


def add(response: flask.Response) -> flask.Response:
    """Complete an answer; a header that the page has set itself is left alone."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", "; ".join(POLICY).format(nonce=nonce()))
    if isinstance(flask.request.routing_exception, RequestRedirect):  # to the same path, better written
        parts = urlsplit(response.headers["Location"])  # werkzeug begins it with whatever Host was claimed
        response.headers["Location"] = urlunsplit(("", "", parts.path, parts.query, ""))
    if flask.request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if flask.request.endpoint == "static":
        response.headers["Cache-Control"] = assets.FOREVER if assets.is_forever() else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
