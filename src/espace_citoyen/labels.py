"""The words of the screen: per event a sentence, a kind and an audience; one word per status, channel, actor."""

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
        "{actor} a confié la demande à {assignee}",
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

STATUS: Mapping[str, str] = {
    "draft": "Brouillon",
    "submitted": "Déposée",
    "correction_requested": "À compléter",
    "under_review": "En instruction",
    "accepted": "Acceptée",
    "refused": "Refusée",
    "closed_without_action": "Classée sans suite",
    "cancelled": "Annulée",
}
"""The state of a request, as on a tag."""

ARCHIVED, ERASED = "Archivée", "Effacée"
"""Two facts beside the state."""

CHANNEL: Mapping[str, str] = {
    "web": "site internet",
    "counter": "guichet",
    "telephone": "téléphone",
    "post": "courrier postal",
    "email": "courriel",
    "api": "application partenaire",
    "system": "traitement automatique",
}
"""How an act reached the town hall."""

ACTOR_KIND: Mapping[str, str] = {
    "citizen": "usager",
    "link_holder": "titulaire du lien de suivi",
    "staff": "agent",
    "system": "portail",
    "api": "application partenaire",
}
"""Which side of the counter somebody stands on, in one word, for a column."""

SUBJECT: Mapping[str, str] = {
    "citizen": "un usager",
    "link_holder": "le titulaire du lien de suivi",
    "staff": "un agent",
    "system": "le portail",
    "api": "une application partenaire",
}
"""The subject of a sentence when the name is unknown or erased."""

ROLE: Mapping[str, str] = {
    "agent": "agent",
    "manager": "responsable",
    "administrator": "administrateur",
    "editor": "rédacteur",
    "auditor": "auditeur",
}
"""What a member of staff may be trusted with."""

ERASURE_REASON: Mapping[str, str] = {
    "retention": "la durée de conservation est écoulée",
    "person": "la personne concernée l’a demandé (RGPD, article 17)",
    "judgment": "une décision de justice l’ordonne",
    "mistake": "le dossier a été ouvert par erreur",
}
"""Why something is erased, by code: no free text outlives an erasure."""

SIDE: Mapping[str, str] = {"citizen": "usager", "town": "mairie"}
"""Which side of the counter a message comes from."""

FLAW: Mapping[str, str] = {
    "altered": "l’événement n’est plus celui qui a été scellé",
    "missing": "l’événement scellé a disparu",
    "slipped_in": "l’événement n’a pas de sceau alors que de plus récents en ont un",
    "foreign_seal": "le sceau ne découle pas du précédent",
}
"""What a check of the seal can find wrong."""

READ: Mapping[str, str] = {
    "demandeur": "onglet «\N{NO-BREAK SPACE}Le demandeur\N{NO-BREAK SPACE}»",
    "demande": "onglet «\N{NO-BREAK SPACE}La demande\N{NO-BREAK SPACE}»",
    "historique": "onglet «\N{NO-BREAK SPACE}Historique\N{NO-BREAK SPACE}»",
    "echanges": "onglet «\N{NO-BREAK SPACE}Échanges\N{NO-BREAK SPACE}»",
    "pieces": "onglet «\N{NO-BREAK SPACE}Pièces jointes\N{NO-BREAK SPACE}»",
    "rendez-vous": "onglet «\N{NO-BREAK SPACE}Rendez-vous\N{NO-BREAK SPACE}»",
    "notes": "notes des services",
    "evenements": "tous les événements",
    "fichier": "fichier",
    "export": "export JSON",
}
"""What is read of a request, by the words of the access log; anything else is a page that leads to a gesture."""

CONTACT: Mapping[str, str] = {
    "email": "courriel",
    "telephone": "téléphone",
    "sms": "SMS",
    "post": "courrier postal",
}
"""A preferred means of contact (S02)."""

APPOINTMENTS: Mapping[str, str] = {"none": "aucun", "optional": "facultatif", "mandatory": "obligatoire"}
"""Whether a request of a procedure goes with an appointment."""

HOLDER: Mapping[str, str] = {"account": "espace personnel", "staff": "membre du personnel"}
"""Who signs in with a username."""

STREAM: Mapping[str, str] = {
    "request": "demande",
    "account": "espace personnel",
    "username-claim": "identifiant",
    "reference-claim": "référence",
    "procedure": "démarche",
    "department": "service",
    "agenda": "agenda",
    "slot": "créneau",
    "staff": "membre du personnel",
}
"""What a stream is the history of, by the topic of its aggregate."""

FACT: Mapping[str, str] = {
    "account_required": "espace personnel exigé",
    "address": "adresse",
    "agenda_id": "agenda",
    "answers": "réponses",
    "applicant": "demandeur",
    "appointment_id": "rendez-vous",
    "appointments": "rendez-vous",
    "area": "domaine",
    "assignee_id": "agent chargé",
    "assignee_name": "agent chargé",
    "attachment_id": "pièce jointe",
    "birth_date": "date de naissance",
    "capacity": "qualité",
    "choices": "choix",
    "citizen_id": "espace du demandeur",
    "closes": "ferme à",
    "content": "contenu",
    "correction_id": "demande de complément",
    "decision_id": "décision",
    "department_id": "service",
    "department_name": "nom du service",
    "departments": "services",
    "desk": "guichet",
    "desks": "guichets",
    "due_on": "à rendre avant le",
    "effective_on": "prend effet le",
    "email": "courriel",
    "ends_at": "fin",
    "exchange_id": "échange",
    "exchanges": "échanges ouverts",
    "fields": "questions",
    "file_id": "identifiant du fichier",
    "files": "fichiers",
    "first_name": "prénom",
    "former_department_id": "service précédent",
    "former_id": "rendez-vous précédent",
    "former_slot": "créneau précédent",
    "hint": "aide",
    "holder_id": "titulaire",
    "holder_kind": "nature du titulaire",
    "kind": "nature",
    "label": "libellé",
    "last_name": "nom",
    "max_length": "longueur maximale",
    "media_type": "format",
    "missing": "ce qui manque",
    "mobile": "mobile",
    "name": "nom",
    "note": "note",
    "note_id": "note",
    "number": "numéro",
    "opens": "ouvre à",
    "openings": "heures d’ouverture",
    "person": "personne",
    "place": "lieu",
    "postcode": "code postal",
    "preferred_contact": "moyen de contact préféré",
    "procedure_id": "démarche",
    "procedure_version": "version de la démarche",
    "reason": "motif",
    "reasons": "motifs",
    "received_on": "reçue le",
    "recipient": "destinataire",
    "reference": "référence",
    "request_id": "demande",
    "required": "obligatoire",
    "roles": "rôles",
    "sha256": "empreinte SHA-256",
    "side": "côté",
    "size": "taille en octets",
    "slot": "créneau",
    "slot_id": "créneau",
    "slug": "adresse de la démarche",
    "starts_at": "début",
    "status": "état",
    "step_minutes": "durée en minutes",
    "subject": "objet",
    "summary": "résumé",
    "telephone": "téléphone",
    "text": "texte",
    "title": "titre",
    "town": "commune",
    "username": "identifiant",
    "username_claim": "identifiant réservé",
    "visa": "visa",
}
"""The name of each fact an event may carry, for whoever reads the log."""

VALUE: Mapping[str, Mapping[str, str]] = {
    "status": STATUS,
    "side": SIDE,
    "reason": ERASURE_REASON,
    "preferred_contact": CONTACT,
    "appointments": APPOINTMENTS,
    "holder_kind": HOLDER,
    "roles": ROLE,
}
"""The words of the facts that are codes."""
