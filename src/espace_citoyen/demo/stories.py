"""What Camille filed and what was written about it, in days before the demo is made."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A request of Camille's: filed some days ago, then messages `(days ago, who, text, read)`."""

    slug: str
    days_ago: float
    answers: dict[str, str | int | bool]
    messages: Sequence[tuple[float, str, str, bool]] = ()


AGENTS = {
    "acte-de-naissance": "dominique",
    "livret-de-famille": "dominique",
    "inscription-scolaire": "samir",
    "restauration-scolaire": "samir",
}

STORIES = (
    Story(
        "inscription-scolaire",
        41,
        {"enfant": "Jules Rousseau", "naissance": "2020-05-14", "niveau": "CP", "cantine": True},
        (
            (38, "samir", "Bonjour, il nous manque le certificat de radiation de l’ancienne école.", True),
            (37, "camille", "Bonjour, je vous l’apporte à l’accueil lundi matin.", True),
            (33, "samir", "Merci, nous l’avons bien reçu. Jules est inscrit à l’école des Tilleuls.", True),
        ),
    ),
    Story("eclairage-public", 20, {"lieu": "Angle de la rue des Tilleuls et du quai du Lavoir"}),
    Story(
        "livret-de-famille",
        12,
        {"raison": "Abîmé", "attestation": True},
        ((9, "dominique", "Bonjour, votre nouveau livret est en préparation.", True),),
    ),
    Story(
        "acte-de-naissance",
        3,
        {
            "document": "Copie intégrale",
            "nom": "Rousseau",
            "prenoms": "Camille Anne",
            "naissance": "1984-11-02",
            "exemplaires": 1,
            "motif": "Demande de passeport",
        },
        (
            (
                2,
                "dominique",
                "Bonjour, préférez-vous recevoir l’acte ou le retirer à l’accueil\N{NARROW NO-BREAK SPACE}?",
                False,
            ),
            (
                1,
                "dominique",
                "Sans réponse de votre part, nous l’enverrons mardi à l’adresse de votre espace.",
                False,
            ),
        ),
    ),
    Story(
        "restauration-scolaire",
        0.5,
        {"enfant": "Jules Rousseau", "changement": "Plus de cantine le mercredi à partir de décembre."},
    ),
)
