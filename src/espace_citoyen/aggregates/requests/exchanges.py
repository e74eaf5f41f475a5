"""Messages between a citizen and the services, and their being read."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.refusals import Forbidden, Invalid, NotFound
from espace_citoyen.aggregates.requests.state import RequestEvent, RequestState, side_of
from espace_citoyen.aggregates.requests.values import TEXT_LIMIT, Exchange, Kind, Side

SENT_ALREADY = "Un autre message est déjà parti de cette page. Pour envoyer aussi celui-ci, validez de nouveau."


class ExchangeSent(RequestEvent):
    """A message left for the other side."""

    TOPIC = "request:exchange-sent"
    KIND = Kind.EXCHANGE
    exchange_id: UUID
    side: str
    text: str

    def apply(self, aggregate: RequestState) -> None:
        """It waits to be read."""
        super().apply(aggregate)
        aggregate.exchanges[self.exchange_id] = Exchange(side=Side(self.side), text=self.text)


class ExchangeRead(RequestEvent):
    """The addressee's side opened a message."""

    TOPIC = "request:exchange-read"
    KIND = Kind.EXCHANGE
    exchange_id: UUID
    side: str

    def apply(self, aggregate: RequestState) -> None:
        """Once for the whole side."""
        super().apply(aggregate)
        aggregate.exchanges[self.exchange_id].read = True


class ExchangesPart(RequestState):
    """Who may write and what counts as read."""

    def send_exchange(self, *, at: datetime, actor: Actor, exchange_id: UUID, text: str) -> None:
        """Write to the other side. Sending again what was sent is no news.

        Refuses a stranger, a procedure without exchanges, a request cancelled or archived, an empty message, one
        over `TEXT_LIMIT`, and another text under an id that was sent: somebody went back a page and wrote on.
        """
        self._must_concern(actor)
        if not self.has_exchanges:
            raise Forbidden("This procedure has no exchanges")
        if sent := self.exchanges.get(exchange_id):
            if (sent.side, sent.text) == (side_of(actor), text):
                return
            raise Invalid("Another text under the same id", {"text": [SENT_ALREADY]})
        self._must_be_open()
        if not text.strip():
            raise Invalid("An empty message", {"text": ["Écrivez votre message."]})
        if len(text) > TEXT_LIMIT:
            said = f"Votre message est trop long : {len(text)} caractères, pour {TEXT_LIMIT} au plus."
            raise Invalid("A message too long", {"text": [said]})
        self._note(ExchangeSent, at=at, actor=actor, exchange_id=exchange_id, side=side_of(actor).value, text=text)

    def read_exchange(self, *, at: datetime, actor: Actor, exchange_id: UUID) -> None:
        """Mark a message as read by its addressee. Reading what is read, or one's own words, is no news."""
        self._must_concern(actor)
        exchange = self.exchanges.get(exchange_id)
        if exchange is None:
            raise NotFound("No such exchange")
        side = side_of(actor)
        if side is not exchange.side and not exchange.read:
            self._note(ExchangeRead, at=at, actor=actor, exchange_id=exchange_id, side=side.value)
