"""What a refused visitor reads: one status and a few French sentences per kind of refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from espace_citoyen.aggregates import refusals


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a refused visitor is told: what happened, then what to do next."""

    status: int
    title: str
    sentences: tuple[str, ...]
    problems: tuple[str, ...] = ()
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    incident: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    retry: bool = False


UNKNOWN = Answer(
    status=404,
    title="Page introuvable",
    sentences=(
        "Cette adresse ne mène à rien que vous puissiez consulter.",
        "Vérifiez-la, ou repartez de l’accueil\N{NO-BREAK SPACE}: vos demandes se retrouvent dans votre espace.",
    ),
)
AWAY = Answer(
    status=503,
    title="Service momentanément indisponible",
    sentences=(
        "Le portail ne peut pas répondre pour l’instant. Rien n’a été enregistré par cette page.",
        "Patientez une minute puis réessayez. Si c’est urgent, appelez la mairie.",
    ),
    headers={"Retry-After": "30"},
    retry=True,
)
EXPIRED = Answer(
    status=400,
    title="Cette page a expiré",
    sentences=(
        "Par sécurité, un formulaire resté longtemps ouvert n’est plus accepté. Rien n’a été enregistré.",
        "Rouvrez la page et envoyez de nouveau le formulaire.",
    ),
)
FAILED = Answer(
    status=500,
    title="Une erreur est survenue",
    sentences=(
        "Le portail a rencontré un problème inattendu. Le numéro ci-dessous permet de le retrouver.",
        "Réessayez dans un moment. Si le problème se répète, appelez la mairie et donnez-lui ce numéro.",
    ),
)
REFUSALS: Mapping[type[refusals.Refusal], Answer] = {
    refusals.NotFound: UNKNOWN,
    refusals.Forbidden: UNKNOWN,
    refusals.Invalid: Answer(
        status=422,
        title="Votre envoi doit être corrigé",
        sentences=("Rien n’a été enregistré. Revenez à la page précédente, corrigez et envoyez de nouveau.",),
    ),
    refusals.ChangedMeanwhile: Answer(
        status=409,
        title="La demande a changé entre-temps",
        sentences=(
            "Quelqu’un d’autre a agi sur cette demande pendant que vous écriviez. Rien n’a été enregistré.",
            "Rouvrez la page pour voir ce qui a changé, puis décidez de nouveau.",
        ),
    ),
    refusals.AlreadyTaken: Answer(
        status=409,
        title="Déjà pris",
        sentences=("Quelqu’un a déjà pris ce nom. Choisissez-en un autre et envoyez de nouveau.",),
    ),
    refusals.NotNow: Answer(
        status=409,
        title="Ce n’est plus possible",
        sentences=(
            "Cette demande ne permet plus ce geste.",
            "Rien n’a été enregistré. Rouvrez la demande pour voir où elle en est.",
        ),
    ),
    refusals.Erased: Answer(
        status=410,
        title="Informations effacées",
        sentences=(
            "Ces informations ont existé, puis ont été effacées définitivement.",
            "Pour savoir pourquoi, adressez-vous à la mairie.",
        ),
    ),
}
HTTP: Mapping[int, Answer] = {
    400: Answer(
        status=400,
        title="Envoi non compris",
        sentences=("Le portail n’a pas compris cet envoi. Repartez de l’accueil et recommencez.",),
    ),
    401: Answer(
        status=401,
        title="Jeton demandé",
        sentences=("Présentez un jeton d’accès valable dans l’en-tête Authorization.",),
        headers={"WWW-Authenticate": "Bearer"},
    ),
    404: UNKNOWN,
    405: Answer(
        status=405,
        title="Action impossible à cette adresse",
        sentences=("Cette page ne permet pas cette action. Repartez de l’accueil.",),
    ),
    413: Answer(
        status=413,
        title="Envoi trop volumineux",
        sentences=("Ce que vous envoyez est trop lourd. Raccourcissez le texte ou allégez les fichiers.",),
    ),
    429: Answer(
        status=429,
        title="Trop d’essais",
        sentences=("Pour protéger ce service et ses usagers, le nombre d’essais est limité.",),
    ),
    503: AWAY,
}
