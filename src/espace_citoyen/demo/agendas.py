"""Where and when the departments of the invented town receive, and for which procedures."""

from datetime import time

from espace_citoyen.aggregates.appointments import Opening, Receives
from espace_citoyen.aggregates.procedures import MANDATORY, OPTIONAL
from espace_citoyen.demo.cast import CIVIL, EDUCATION

MORNINGS = tuple(Opening(weekday=day, opens=time(8, 30), closes=time(12)) for day in range(5))
WEDNESDAY_AFTERNOON = Opening(weekday=2, opens=time(13, 30), closes=time(17))

# name: department, how it receives
AGENDAS: dict[str, tuple[str, Receives]] = {
    "Guichet de l’état civil": (
        CIVIL,
        Receives(
            place="Hôtel de ville, guichet de l’état civil",
            step_minutes=20,
            desks=2,
            openings=(*MORNINGS, WEDNESDAY_AFTERNOON),
        ),
    ),
    "Annexe du quai du Lavoir": (
        CIVIL,
        Receives(
            place="Annexe, 12 quai du Lavoir",
            step_minutes=30,
            desks=1,
            openings=(WEDNESDAY_AFTERNOON, *MORNINGS[:1]),
        ),
    ),
    "Bureau des inscriptions": (
        EDUCATION,
        Receives(place="3 rue des Écoles, bureau 2", step_minutes=30, desks=1, openings=MORNINGS),
    ),
}

# slug: whether a request goes with an appointment, where it is booked
APPOINTMENTS: dict[str, tuple[str, str]] = {
    "carte-d-identite": (MANDATORY, "Guichet de l’état civil"),
    "livret-de-famille": (OPTIONAL, "Guichet de l’état civil"),
    "attestation-d-accueil": (OPTIONAL, "Guichet de l’état civil"),
    "inscription-scolaire": (OPTIONAL, "Bureau des inscriptions"),
}
"""The others have none."""
