"""The gestures of the desk: their words, the states in which each makes sense, and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from espace_citoyen.aggregates.requests import DECIDED, TAKEN_UP, Status

UNDECIDED = TAKEN_UP | {Status.SUBMITTED}


@dataclass(frozen=True, kw_only=True)
class Gesture:
    """Something to do with a request: a page of its own, or one button when `pressed`.

    `label` is in the panel, `title` and `lead` head the page, `button` ends its form. Archived requests know only
    those that are `always` possible. `signed`: the citizen will read it under the agent's name (L04).
    """

    endpoint: str
    label: str
    title: str = ""
    lead: str = ""
    button: str = ""
    states: frozenset[Status] = frozenset(Status)
    always: bool = False
    manager: bool = False
    pressed: bool = False
    signed: bool = True


GESTURES: Mapping[str, Gesture] = {
    "take-up": Gesture(
        endpoint="taken_up", label="Prendre en charge", title="Prendre en charge", states=UNDECIDED, pressed=True
    ),
    "decide": Gesture(
        endpoint="decision",
        label="Décider",
        title="Décider",
        lead="L’usager reçoit votre décision par courriel et la lit ici, avec ses motifs.",
        button="Enregistrer la décision",
        states=TAKEN_UP,
    ),
    "correction": Gesture(
        endpoint="correction",
        label="Demander un complément",
        title="Demander un complément",
        lead="La demande revient à l’usager, qui verra ce qu’il a à faire et la renverra complétée.",
        button="Demander ce complément",
        states=frozenset({Status.UNDER_REVIEW}),
    ),
    "assign": Gesture(
        endpoint="assignment",
        label="Confier à…",
        title="Confier la demande",
        lead="L’usager verra que sa demande est suivie.",
        button="Confier",
        states=UNDECIDED,
    ),
    "pass-on": Gesture(
        endpoint="transfer",
        label="Transmettre à un autre service",
        title="Transmettre à un autre service",
        lead="La demande quitte votre file. L’usager verra qu’elle a changé de service.",
        button="Transmettre",
        states=UNDECIDED,
        manager=True,
    ),
    "archive": Gesture(
        endpoint="archived", label="Archiver", title="Archiver la demande", states=DECIDED, pressed=True
    ),
    "reopen": Gesture(
        endpoint="reopening",
        label="Rouvrir",
        title="Rouvrir la demande",
        lead="La demande revient en instruction. La décision déjà prise reste dans l’historique.",
        button="Rouvrir la demande",
        states=DECIDED,
        always=True,
        manager=True,
    ),
    "note": Gesture(
        endpoint="notes",
        label="Noter",
        title="Notes privées",
        lead="Lues au bureau et par les auditeurs, jamais par l’usager.",
        button="Ajouter cette note",
        always=True,
        signed=False,
    ),
}
"""By name, in the order of the panel."""
