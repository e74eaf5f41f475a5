"""Every refusal and failure becomes an answer, once, for pages and for JSON."""

import math
import secrets
import traceback
from dataclasses import replace

import eventsourcing.persistence
import flask
import psycopg
import structlog
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from espace_citoyen import dates
from espace_citoyen.aggregates import refusals
from espace_citoyen.web import context, guards, parking
from espace_citoyen.web.answers import AWAY, EXPIRED, FAILED, HTTP, REFUSALS, Answer

log = structlog.get_logger()

DATABASE_AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    eventsourcing.persistence.OperationalError,
    eventsourcing.persistence.InterfaceError,
)

SHOWING_WHAT_WAS_TYPED = frozenset({400, 409, 422, 429, 500, 503})


def install(app: flask.Flask) -> None:
    """Register one handler per kind of failure."""
    app.register_error_handler(refusals.Refusal, refused)
    app.register_error_handler(HTTPException, refused_by_http)
    app.register_error_handler(CSRFError, refused_without_token)
    app.register_error_handler(RateLimitExceeded, refused_for_now)
    for failure in DATABASE_AWAY:
        app.register_error_handler(failure, database_away)
    app.register_error_handler(Exception, failed)


def refused(error: refusals.Refusal) -> ResponseReturnValue:
    """A rule said no."""
    known = next((REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS), None)
    known = known or REFUSALS[refusals.Invalid]
    fields = error.fields if isinstance(error, refusals.Invalid) else {}
    problems = tuple(said for sentences in fields.values() for said in sentences)
    if isinstance(error, (refusals.NotNow, refusals.AlreadyTaken)) and str(error):
        known = replace(known, sentences=(str(error), *known.sentences[1:]))
    return say(replace(known, problems=problems, fields=fields))


def refused_by_http(error: HTTPException) -> ResponseReturnValue:
    """Flask said no: unknown page, method not allowed, body too large…"""
    if isinstance(error, NotFound) and (elsewhere := guards.unknown_page()) is not None:
        return elsewhere
    if error.code is None or error.code < 400:
        return error
    found = HTTP.get(error.code, replace(HTTP[400], status=error.code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        found = replace(found, headers={"Allow": ", ".join(sorted(error.valid_methods))})
    return say(found)


def refused_without_token(_: CSRFError) -> ResponseReturnValue:
    """The form is too old, or not ours; its author signs in again and finds the text back."""
    back = guards.page_to_return_to()
    return say(EXPIRED, back=back, ticket=parking.ticket(back))


def refused_for_now(_: RateLimitExceeded) -> ResponseReturnValue:
    """Too many attempts: says when the next one may be."""
    limit = flask.current_app.extensions["attempts"].current_limit
    seconds = max(1, math.ceil(limit.window.reset_time - context.now().timestamp()))
    signs_in = flask.request.endpoint == "public.sign_in_sent"
    besides = "Rien d’autre n’est bloqué sur votre compte." if signs_in else "Rien n’a été enregistré ici."
    when, known = f"Réessayez dans {dates.delay(seconds)}. {besides}", HTTP[429]
    headers = {"Retry-After": str(seconds)}
    return say(replace(known, sentences=(*known.sentences, when), headers=headers, retry=not signs_in))


def database_away(error: Exception) -> ResponseReturnValue:
    """The database does not answer: a page that needs none."""
    log.warning("database away", error=type(error).__name__, endpoint=flask.request.endpoint)
    flask.g.without_database = True
    return say(AWAY)


def failed(error: Exception) -> ResponseReturnValue:
    """Something nobody thought of: a number in the log and on the screen, and no personal data in either."""
    number = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("unexpected failure", incident=number, error=type(error).__name__, frames=frames[-12:])
    flask.g.without_database = True
    return say(replace(FAILED, incident=number))


def say(answer: Answer, *, back: str | None = None, ticket: str = "") -> ResponseReturnValue:
    """Answer as the asker reads: problem details (RFC 9457) for programs, a page for people."""
    if guards.door_of(flask.request.path) == "api" or flask.request.endpoint == "public.health":
        problem = {"status": answer.status, "title": answer.title, "detail": " ".join(answer.sentences)}
        body = flask.jsonify(problem | ({"errors": answer.fields} if answer.fields else {}))
        body.content_type = "application/problem+json"
        return body, answer.status, dict(answer.headers)
    if request_ctx.url_adapter is None:  # the Host asked for is no name: no link of a page can be drawn
        return flask.Response(" ".join(answer.sentences), answer.status, dict(answer.headers), "text/plain")
    typed = parking.texts() if answer.status in SHOWING_WHAT_WAS_TYPED else []
    page = flask.render_template(
        "errors/error.html",
        answer=answer,
        back=back,
        ticket=ticket,
        typed=typed,
        sent_again=list(flask.request.form.lists()) if answer.retry and typed and not flask.request.files else [],
    )
    return page, answer.status, dict(answer.headers)
