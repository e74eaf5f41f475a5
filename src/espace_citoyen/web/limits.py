"""How often somebody may try: Flask-Limiter over `plain.rate_limit`, one table of limited pages."""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import flask
from flask.typing import RouteCallable
from flask_limiter import Limiter

from espace_citoyen.application import Portal
from espace_citoyen.commands.accounts import fold_username
from espace_citoyen.web import context, devices
from espace_citoyen.web.hits import PostgresStorage

PER_ACCOUNT_AND_ADDRESS = "5 per 15 minutes; 10 per hour; 20 per day"
PER_ACCOUNT = "30 per 15 minutes"
PER_ADDRESS = "100 per 15 minutes"
DEPOSITS_PER_ACCOUNT = "30 per 15 minutes; 100 per day"
"""More than anybody files by hand."""
APPOINTMENTS = "10 per 15 minutes; 30 per day"
"""Gestures of one visitor on appointments: each writes a mail to the address typed, which may be anybody's."""
ATTACHMENTS = "60 per 15 minutes; 200 per day"
"""Gestures of one visitor on attachments: each may keep forty megabytes for good, even once it is taken out."""
LONGEST_TOKEN_PART = 21
"""Characters of a tracking token that name the request."""
LONGEST_NAME = 200
"""No form takes a longer username; Unicode can make a character eighteen, which folding a million would cost."""


@dataclass(frozen=True, kw_only=True)
class Limited:
    """What is counted on a page: tries for `account`, unless `exempt`; of failures alone when `deduct` says which.

    `device` tells whether the account has browsers of its own, which strangers' attempts do not stop.
    """

    account: Callable[[], str]
    exempt: Callable[[], bool] = lambda: False
    deduct: Callable[[flask.Response], bool] | None = None
    device: bool = False


def field(name: str) -> Callable[[], str]:
    """The account that a field of the form sent names."""
    return lambda: fold_username(flask.request.form.get(name, "").strip()[:LONGEST_NAME])


def _files_with_account() -> bool:
    """Whether this is no deposit at all, or one from an account."""
    return flask.request.form.get("etape") != "valider" or context.account() is not None


def _files_without_account() -> bool:
    """Whether this is no deposit at all, or one from no account."""
    return flask.request.form.get("etape") != "valider" or context.account() is None


def mistaken() -> None:
    """Count this try of a link: it was none of ours."""
    flask.g.mistaken = True


LIMITED: Mapping[str, Limited] = {
    "public.sign_in_sent": Limited(account=field("username"), device=True),
    "public.procedure_sent": Limited(account=field("email"), exempt=_files_with_account),
    "public.tracking": Limited(
        account=lambda: str((flask.request.view_args or {})["token"])[:LONGEST_TOKEN_PART],
        deduct=lambda _: bool(flask.g.get("mistaken")),
    ),
}
"""Limited pages; an account is what is tried for: a username, an e-mail address, a request."""

GESTURES: Mapping[str, tuple[str, ...]] = {
    APPOINTMENTS: ("citizen.appointment_booked", "citizen.appointment_moved", "citizen.appointment_cancelled"),
    ATTACHMENTS: ("citizen.attachment_added", "citizen.attachment_changed"),
}
"""What citizens and holders of links do only so often: the pages of a limit are counted together."""


def install(app: flask.Flask, portal: Portal, clock: Callable[[], datetime]) -> None:
    """Put the three limits on every page of `LIMITED`; takes one attempt before the page runs."""
    limiter = Limiter(
        _address,
        app=app,
        storage_uri="espace-citoyen://",
        storage_options={"connect": portal.connection, "clock": clock},  # type: ignore[dict-item]  # typed for str alone
        strategy="moving-window",
    )
    app.extensions["attempts"] = limiter
    for endpoint, limited in LIMITED.items():
        for limit, key in _limits_of(limited):
            put = limiter.limit(limit, key_func=key, exempt_when=limited.exempt, deduct_when=limited.deduct)
            app.view_functions[endpoint] = cast("RouteCallable", put(app.view_functions[endpoint]))
    for limit, endpoints in GESTURES.items():
        shared = limiter.shared_limit(limit, scope=limit, key_func=_visitor, deduct_when=_done)
        for endpoint in endpoints:
            app.view_functions[endpoint] = cast("RouteCallable", shared(app.view_functions[endpoint]))
    of_an_account = limiter.limit(DEPOSITS_PER_ACCOUNT, key_func=_depositor, exempt_when=_files_without_account)
    filing = of_an_account(app.view_functions["public.procedure_sent"])
    app.view_functions["public.procedure_sent"] = cast("RouteCallable", filing)


def succeeded() -> None:
    """The attempt was a good one: it counts against nobody, and this pair starts afresh."""
    limiter: Limiter = flask.current_app.extensions["attempts"]
    storage = limiter.storage
    assert isinstance(storage, PostgresStorage)
    for limit in limiter.current_limits:
        if limit.request_args[0].startswith("pair:"):
            storage.clear(limit.key)
        else:
            storage.give_back(limit.key)


def _limits_of(limited: Limited) -> list[tuple[str, Callable[[], str]]]:
    def own() -> str | None:
        return devices.known(limited.account()) if limited.device else None

    def pair() -> str:
        return _key("pair", own() or f"{_address()} {limited.account()}")

    def account() -> str:
        return _key("account", own() or limited.account())

    def address() -> str:
        return _key("address", own() or _address())

    # Flask-Limiter tries the innermost first: a stranger's address gives out before the account does.
    return [(PER_ACCOUNT_AND_ADDRESS, pair), (PER_ACCOUNT, account), (PER_ADDRESS, address)]


def _done(response: flask.Response) -> bool:
    """Whether the gesture was made: what is refused beside a field counts for nothing."""
    return response.status_code == 303


def _visitor() -> str:
    actor = context.visitor()
    return _key("visitor", str(actor.id if actor else ""))


def _depositor() -> str:
    actor = context.account()
    return _key("depositor", str(actor.id if actor else ""))


def _address() -> str:
    """The visitor's address; a whole /64 of IPv6, which is one household. What is none counts as it is written."""
    written = flask.request.remote_addr or ""
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return written
    if isinstance(address, ipaddress.IPv6Address):
        # An IPv4 visitor of a server that listens on both is no member of one household with all the others.
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _key(kind: str, value: str) -> str:
    secret = str(flask.current_app.secret_key).encode()
    return f"{kind}:{hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()}"
