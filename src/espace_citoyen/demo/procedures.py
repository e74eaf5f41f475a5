"""What can be filed in the invented town: one procedure for each way a form can be."""

from collections.abc import Sequence

from espace_citoyen.aggregates.procedures import FormField
from espace_citoyen.demo.cast import CIVIL, EDUCATION, LIVING

# slug: title, department, summary, fields, exchanges
PROCEDURES: dict[str, tuple[str, str, str, Sequence[FormField], bool]] = {
    "acte-de-naissance": (
        "Demande d’acte de naissance",
        CIVIL,
        "Recevez chez vous la copie ou l’extrait d’un acte de naissance dressé à Valombre.",
        (
            FormField(
                name="document",
                label="Document souhaité",
                kind="choice",
                required=True,
                choices=("Copie intégrale", "Extrait avec filiation", "Extrait sans filiation"),
            ),
            FormField(name="nom", label="Nom de naissance de la personne", required=True, max_length=100),
            FormField(name="prenoms", label="Prénoms de la personne", required=True, max_length=150),
            FormField(name="naissance", label="Date de naissance", kind="date", required=True),
            FormField(
                name="exemplaires",
                label="Nombre d’exemplaires",
                kind="number",
                hint="Un seul suffit le plus souvent.",
            ),
            FormField(
                name="motif",
                label="Pour quelle démarche\N{NARROW NO-BREAK SPACE}?",
                kind="long_text",
                max_length=1_000,
            ),
        ),
        True,
    ),
    "attestation-d-accueil": (
        "Attestation d’accueil",
        CIVIL,
        "Vous recevez un proche qui vient de l’étranger\N{NARROW NO-BREAK SPACE}? La mairie l’atteste.",
        (
            FormField(
                name="invite", label="Prénom et nom de la personne accueillie", required=True, max_length=150
            ),
            FormField(name="arrivee", label="Date d’arrivée", kind="date", required=True),
            FormField(name="depart", label="Date de départ", kind="date", required=True),
        ),
        True,
    ),
    "livret-de-famille": (
        "Duplicata de livret de famille",
        CIVIL,
        "Livret perdu, volé ou abîmé\N{NO-BREAK SPACE}: demandez-en un second.",
        (
            FormField(
                name="raison",
                label="Ce qui est arrivé au livret",
                kind="choice",
                required=True,
                choices=("Perdu", "Volé", "Abîmé"),
            ),
            FormField(name="mariage", label="Date du mariage", kind="date"),
            FormField(
                name="attestation",
                label="J’atteste sur l’honneur de ces renseignements",
                kind="box",
                required=True,
            ),
        ),
        True,
    ),
    "carte-d-identite": (
        "Carte d’identité ou passeport",
        CIVIL,
        "Préparez votre dossier ici, puis venez au guichet\N{NO-BREAK SPACE}: vos empreintes y sont prises.",
        (
            FormField(
                name="titre",
                label="Titre demandé",
                kind="choice",
                required=True,
                choices=("Carte d’identité", "Passeport", "Les deux"),
            ),
            FormField(
                name="situation",
                label="Votre situation",
                kind="choice",
                required=True,
                choices=("Première demande", "Renouvellement", "Perte", "Vol"),
            ),
            FormField(name="taille", label="Votre taille, en centimètres", kind="number"),
        ),
        True,
    ),
    "inscription-scolaire": (
        "Inscription à l’école",
        EDUCATION,
        "Inscrivez votre enfant à l’école maternelle ou élémentaire de votre secteur.",
        (
            FormField(name="enfant", label="Prénom et nom de l’enfant", required=True, max_length=150),
            FormField(name="naissance", label="Date de naissance de l’enfant", kind="date", required=True),
            FormField(
                name="niveau",
                label="Niveau demandé",
                kind="choice",
                required=True,
                choices=("Petite section", "Moyenne section", "Grande section", "CP", "CE1", "CE2", "CM1", "CM2"),
            ),
            FormField(name="cantine", label="Mon enfant déjeunera à la cantine", kind="box"),
        ),
        True,
    ),
    "restauration-scolaire": (
        "Repas à la cantine",
        EDUCATION,
        "Changez les jours de cantine, signalez un régime ou une allergie.",
        (
            FormField(name="enfant", label="Prénom et nom de l’enfant", required=True, max_length=150),
            FormField(
                name="changement", label="Changement souhaité", kind="long_text", required=True, max_length=2_000
            ),
        ),
        True,
    ),
    "eclairage-public": (
        "Signaler un lampadaire en panne",
        LIVING,
        "Dites-nous où il fait noir\N{NO-BREAK SPACE}: l’équipe passe sous quelques jours.",
        (
            FormField(name="lieu", label="Adresse ou endroit", required=True, max_length=300),
            FormField(name="precision", label="Autre chose à nous dire", kind="long_text", max_length=1_000),
        ),
        False,
    ),
}
WITHOUT_ACCOUNT = {"eclairage-public", "attestation-d-accueil"}
"""What anybody may file, behind a security code (S04)."""
