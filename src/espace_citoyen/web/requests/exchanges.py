"""What is done on « Échanges »: one more message, and « Voir la suite » (S34)."""

from functools import partial
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.commands.requests import Message, read_exchange, send_exchange
from espace_citoyen.web import context, forms, uploads
from espace_citoyen.web.lookup import find
from espace_citoyen.web.requests.deeds import Deed, perform, sent_id
from espace_citoyen.web.requests.show import show
from espace_citoyen.web.schemas.exchanges import NewExchange

SENT = "Votre message est envoyé."
CROWDED = "D’autres messages sont arrivés au même moment, le vôtre n’est pas parti. Envoyez-le de nouveau."


def send(reference: str) -> ResponseReturnValue:
    """Send the message just typed; a refused one is drawn again as it was."""
    row = find(reference)
    form, chosen = uploads.chosen(forms.sent(NewExchange()))
    send_it = partial(
        send_exchange, context.portal(), at=context.now(), actor=context.actor(), request_id=row.request_id
    )
    message = partial(Message, exchange_id=sent_id(), text=form.data.get("text", ""))
    deed = Deed(
        act=lambda: uploads.attach(row.request_id, chosen, lambda stored: send_it(message=message(files=stored))),
        done=SENT,
        leads_to=flask.url_for(".request_tab", reference=row.reference, tab="echanges"),
        overtaken=CROWDED,
    )
    return perform(form, deed, lambda refused: show(reference, "echanges", uploads.to_choose_again(refused)))


def read(reference: str, exchange_id: UUID) -> ResponseReturnValue:
    """« Voir la suite »: the message is opened, and read (S34)."""
    row = find(reference)
    position = read_exchange(
        context.portal(),
        at=context.now(),
        actor=context.actor(),
        request_id=row.request_id,
        exchange_id=exchange_id,
    )
    context.wrote(position)
    anchor = f"echange-{exchange_id}"
    return flask.redirect(
        flask.url_for(".request_tab", reference=row.reference, tab="echanges", _anchor=anchor), 303
    )
