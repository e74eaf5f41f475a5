"""The web application: made by `create_app`, one per process, after fork."""

from collections.abc import Callable
from datetime import UTC, datetime

import flask
from jinja2 import ChoiceLoader, PackageLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from espace_citoyen.application import Portal
from espace_citoyen.config import Settings
from espace_citoyen.web import (
    api,
    assets,
    audit,
    citizen,
    errors,
    guards,
    headers,
    limits,
    public,
    staff,
    templating,
    uploads,
)
from espace_citoyen.web.context import Shell
from espace_citoyen.web.sessions import Sessions

DOORS = (public.blueprint, citizen.blueprint, staff.blueprint, audit.blueprint, api.blueprint)
LARGEST_FORM = 1024 * 1024


def utc_now() -> datetime:
    """The clock of a running portal."""
    return datetime.now(UTC)


def create_app(portal: Portal, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> flask.Flask:
    """Make the application; `clock` gives every `at`, and every age of a session or an attempt."""
    app = flask.Flask(__name__)
    app.secret_key = settings.secret_key
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, WTF_CSRF_CHECK_DEFAULT=False)
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)  # the session dates them; no referrer
    app.extensions["espace-citoyen"] = Shell(portal=portal, settings=settings, clock=clock)
    secure = settings.base_url.startswith("https://")
    app.session_interface = Sessions(portal, clock, secret=settings.secret_key, secure=secure)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way
    _install(app)
    for door in DOORS:
        app.register_blueprint(door)
    limits.install(app, portal, clock)
    return app


def _install(app: flask.Flask) -> None:
    app.jinja_loader = ChoiceLoader([PackageLoader(__name__), templating.LIBRARY])
    app.url_defaults(assets.add_digest)
    templating.install(app)
    guards.csrf.init_app(app)
    app.before_request(guards.admit)
    app.teardown_request(uploads.leave_room)
    app.after_request(headers.add)
    errors.install(app)
