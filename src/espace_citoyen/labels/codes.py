"""One word per code: status, channel, actor, role, reason, and so on."""

from collections.abc import Mapping

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
    "lettre": "courrier à imprimer",
    "courriels": "courriels de la boîte d’envoi",
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
