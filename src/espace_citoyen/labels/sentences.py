"""Per event a sentence, the kind of its icon, who may read it."""

from collections.abc import Mapping
from dataclasses import dataclass

OPERATION, ATTACHMENT, EXCHANGE, APPOINTMENT = "operation", "attachment", "exchange", "appointment"
"""The four kinds of history, each with its icon (S28)."""

KIND: Mapping[str, str] = {
    OPERATION: "opération",
    ATTACHMENT: "pièce jointe",
    EXCHANGE: "échange",
    APPOINTMENT: "rendez-vous",
}
"""The name of each kind, as beside its icon."""

CITIZEN, STAFF, AUDITOR = "citizen", "staff", "auditor"
"""The three audiences. An auditor reads everything."""


AUDIENCE: Mapping[str, str] = {CITIZEN: "usager", STAFF: "services", AUDITOR: "audit"}
"""Who may read an event, in one word each."""


@dataclass(frozen=True)
class Label:
    """How an event is told: a sentence with `{actor}` in it, the kind of its icon, who may read it.

    `full` is the sentence with the words of the event's facts in it, where they say more.
    """

    sentence: str
    kind: str
    audience: frozenset[str]
    full: str = ""

    def told(self, actor: str, words: Mapping[str, str] | None = None) -> str:
        """Return the sentence as it opens a line: « Camille Martin a déposé la demande ».

        `words` are those that `full` asks for; without them (the facts are erased) the short sentence is told.
        """
        said = self.full.format(actor=actor, **words) if words else self.sentence.format(actor=actor)
        return said[:1].upper() + said[1:]


_ALL = frozenset({CITIZEN, STAFF, AUDITOR})
_TOWN = frozenset({STAFF, AUDITOR})
_OWN = frozenset({CITIZEN, AUDITOR})
_AUDIT = frozenset({AUDITOR})

LABELS: Mapping[str, Label] = {
    "request:submitted": Label("{actor} a déposé la demande", OPERATION, _ALL),
    "request:acknowledged": Label("{actor} a établi l’accusé de réception", OPERATION, _ALL),
    "request:exchange-sent": Label("{actor} a envoyé un message", EXCHANGE, _ALL),
    "request:exchange-read": Label("{actor} a lu un message", EXCHANGE, _ALL),
    "request:linked-to-account": Label("{actor} a rattaché la demande à son espace personnel", OPERATION, _ALL),
    "request:taken-up": Label("{actor} a pris la demande en charge", OPERATION, _ALL),
    "request:assigned": Label(
        "{actor} a confié la demande à un agent du service",
        OPERATION,
        _ALL,
        "{actor} a {entrusted}",
    ),
    "request:passed-on": Label(
        "{actor} a transmis la demande à un autre service",
        OPERATION,
        _ALL,
        "{actor} a transmis la demande au service «\N{NO-BREAK SPACE}{department}\N{NO-BREAK SPACE}»",
    ),
    "request:note-added": Label("{actor} a écrit une note pour les services", OPERATION, _TOWN),
    "request:correction-requested": Label(
        "{actor} a demandé de compléter la demande",
        OPERATION,
        _ALL,
        "{actor} a demandé de compléter la demande{before}",
    ),
    "request:correction-sent-back": Label("{actor} a renvoyé la demande complétée", OPERATION, _ALL),
    "request:decided": Label(
        "{actor} a pris une décision", OPERATION, _ALL, "{actor} a pris une décision\N{NO-BREAK SPACE}: {status}"
    ),
    "request:settled-by-silence": Label(
        "Le silence de la mairie vaut décision",
        OPERATION,
        _ALL,
        "Le silence de la mairie vaut décision\N{NO-BREAK SPACE}: {status}",
    ),
    "request:reopened": Label("{actor} a rouvert la demande", OPERATION, _ALL),
    "request:cancelled": Label("{actor} a annulé la demande", OPERATION, _ALL),
    "request:archived": Label("{actor} a archivé la demande", OPERATION, _ALL),
    "request:attachment-added": Label(
        "{actor} a ajouté une pièce jointe",
        ATTACHMENT,
        _ALL,
        "{actor} a ajouté la pièce «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}»",
    ),
    "request:attachment-replaced": Label(
        "{actor} a modifié une pièce jointe",
        ATTACHMENT,
        _ALL,
        "{actor} a modifié la pièce «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}»",
    ),
    "request:attachment-removed": Label(
        "{actor} a retiré une pièce jointe",
        ATTACHMENT,
        _ALL,
        "{actor} a retiré la pièce «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}»",
    ),
    "request:appointment-booked": Label(
        "{actor} a pris rendez-vous", APPOINTMENT, _ALL, "{actor} a pris rendez-vous pour le {slot}"
    ),
    "request:appointment-moved": Label(
        "{actor} a déplacé le rendez-vous",
        APPOINTMENT,
        _ALL,
        "{actor} a déplacé le rendez-vous du {former} au {slot}",
    ),
    "request:appointment-cancelled": Label(
        "{actor} a annulé le rendez-vous", APPOINTMENT, _ALL, "{actor} a annulé le rendez-vous du {slot}"
    ),
    "request:erased": Label("{actor} a effacé la demande", OPERATION, _TOWN),
    "account:opened": Label("{actor} a ouvert l’espace personnel", OPERATION, _OWN),
    "account:erased": Label("{actor} a effacé l’espace personnel", OPERATION, _AUDIT),
    "username-claim:taken": Label("{actor} a choisi un identifiant", OPERATION, _AUDIT),
    "username-claim:erased": Label("{actor} a effacé un identifiant", OPERATION, _AUDIT),
    "reference-claim:taken": Label("Une référence a été attribuée à la demande", OPERATION, _AUDIT),
    "procedure:opened": Label("{actor} a créé la démarche", OPERATION, _TOWN),
    "procedure:version-published": Label("{actor} a publié une version de la démarche", OPERATION, _TOWN),
    "department:opened": Label("{actor} a créé le service", OPERATION, _TOWN),
    "agenda:opened": Label("{actor} a ouvert un agenda de rendez-vous", APPOINTMENT, _TOWN),
    "slot:opened": Label("Un créneau a été proposé", APPOINTMENT, _AUDIT),
    "slot:booked": Label("{actor} a réservé le créneau", APPOINTMENT, _AUDIT),
    "slot:freed": Label("{actor} a libéré le créneau", APPOINTMENT, _AUDIT),
    "staff:registered": Label("{actor} a enregistré un membre du personnel", OPERATION, _AUDIT),
    "staff:erased": Label("{actor} a effacé un membre du personnel", OPERATION, _AUDIT),
}
"""One label per topic ever written: retired ones stay."""
