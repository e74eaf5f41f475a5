"""What people of the demo filed and what came of it, in days before the demo is made."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from espace_citoyen.aggregates.requests import Status
from espace_citoyen.demo.deeds import Deed, archives, asks_for, books, cancels, decides, notes, says, takes_it_up


@dataclass(frozen=True)
class Story:
    """A request: of which procedure, filed how many days ago, with which answers; then who did what, and when.

    `who` is the applicant: a username, or somebody without account. `name` is what tests call it.
    """

    name: str
    slug: str
    days_ago: float
    answers: dict[str, str | int | bool]
    deeds: Sequence[tuple[float, str, Deed]] = field(default=())
    who: str = "camille"


STORIES = (
    Story(
        "archived",
        "acte-de-naissance",
        52,
        {
            "document": "Extrait avec filiation",
            "nom": "Rousseau",
            "prenoms": "Jules Martin",
            "naissance": "2020-05-14",
            "exemplaires": 2,
        },
        (
            (50, "dominique", takes_it_up),
            (
                49,
                "dominique",
                decides(Status.ACCEPTED, "Les deux extraits vous ont été envoyés par la poste le jour même."),
            ),
            (40, "dominique", archives),
        ),
    ),
    Story(
        "decided",
        "inscription-scolaire",
        41,
        {"enfant": "Jules Rousseau", "naissance": "2020-05-14", "niveau": "CP", "cantine": True},
        (
            (39, "samir", takes_it_up),
            (
                38,
                "samir",
                says("Bonjour, il nous manque le certificat de radiation de l’ancienne école.", read_by="camille"),
            ),
            (37, "camille", says("Bonjour, je vous l’apporte à l’accueil lundi matin.", read_by="samir")),
            (
                33,
                "samir",
                says(
                    "Merci, nous l’avons bien reçu. Jules est inscrit à l’école des Tilleuls.", read_by="camille"
                ),
            ),
            (
                29,
                "samir",
                decides(
                    Status.ACCEPTED,
                    "Votre adresse dépend de l’école des Tilleuls et votre dossier est complet.\n"
                    "La rentrée de Jules a lieu le lundi à 8 h 30.",
                ),
            ),
        ),
    ),
    Story(
        "refused",
        "restauration-scolaire",
        35,
        {"enfant": "Jules Rousseau", "changement": "Un repas sans cuisson le vendredi."},
        (
            (34, "samir", takes_it_up),
            (
                32,
                "samir",
                decides(
                    Status.REFUSED,
                    "La cuisine centrale ne prépare pas de repas froids\N{NO-BREAK SPACE}: le règlement de la"
                    " restauration (article 7) prévoit un repas ordinaire ou un panier fourni par la famille.",
                ),
            ),
        ),
    ),
    Story(
        "cancelled",
        "livret-de-famille",
        30,
        {"raison": "Perdu", "attestation": True},
        ((28, "camille", cancels("Je l’ai retrouvé dans un tiroir.")),),
    ),
    Story("submitted", "eclairage-public", 20, {"lieu": "Angle de la rue des Tilleuls et du quai du Lavoir"}),
    Story(
        "meeting",
        "livret-de-famille",
        12,
        {"raison": "Abîmé", "attestation": True},
        (
            (11, "dominique", takes_it_up),
            (9, "dominique", says("Bonjour, votre nouveau livret est en préparation.", read_by="camille")),
            (2, "camille", books("Guichet de l’état civil", step=2)),
        ),
    ),
    Story(
        "correcting",
        "carte-d-identite",
        6,
        {"titre": "Carte d’identité", "situation": "Renouvellement", "taille": 168},
        (
            (5, "dominique", takes_it_up),
            (
                4,
                "dominique",
                asks_for(
                    "Votre justificatif de domicile a plus d’un an. Ajoutez-en un plus récent, puis renvoyez votre"
                    " demande.",
                    "Un justificatif de domicile de moins d’un an",
                    "Une photographie d’identité récente",
                    within=20,
                ),
            ),
        ),
    ),
    Story(
        "waiting",
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
            (2.5, "dominique", takes_it_up),
            (2.4, "dominique", notes("Acte de 1984\N{NO-BREAK SPACE}: registre numérisé, page 212.")),
            (
                2,
                "dominique",
                says("Bonjour, préférez-vous recevoir l’acte ou le retirer à l’accueil\N{NARROW NO-BREAK SPACE}?"),
            ),
            (
                1,
                "dominique",
                says("Sans réponse de votre part, nous l’enverrons mardi à l’adresse de votre espace."),
            ),
        ),
    ),
    Story(
        "followed",
        "attestation-d-accueil",
        1.5,
        {"invite": "Mia Moreau, ma sœur", "arrivee": "2027-06-28", "depart": "2027-07-15"},
        (
            (1.2, "dominique", takes_it_up),
            (1.1, "dominique", says("Bonjour, apportez un titre de propriété ou votre bail au rendez-vous.")),
            (1, "lea", books("Guichet de l’état civil", step=3)),
        ),
        who="lea",
    ),
    Story(
        "latest",
        "restauration-scolaire",
        0.5,
        {"enfant": "Jules Rousseau", "changement": "Plus de cantine le mercredi à partir de décembre."},
    ),
)
