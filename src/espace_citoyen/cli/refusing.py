"""A refusal in French, for an operator."""

from espace_citoyen.aggregates.refusals import AlreadyTaken, ChangedMeanwhile, Erased, Invalid, NotFound, Refusal

_SENTENCES: tuple[tuple[type[Refusal], str], ...] = (
    (NotFound, "Aucun dossier ne porte cette référence ni cet identifiant."),
    (AlreadyTaken, "Ce nom est déjà pris : choisissez-en un autre."),
    (Erased, "Ce dossier a été effacé : il n’en reste que la trace d’audit."),
    (ChangedMeanwhile, "Quelqu’un d’autre vient de modifier ce dossier : recommencez."),
)


def sentences(refused: Refusal) -> list[str]:
    """Return what to tell: a sentence by field when there are fields, else one by kind of refusal."""
    if isinstance(refused, Invalid) and refused.fields:
        return [f"{field} : {' '.join(said)}" for field, said in refused.fields.items()]
    return [
        next((said for kind, said in _SENTENCES if isinstance(refused, kind)), "La demande n’est pas recevable.")
    ]
