"""The town that this portal belongs to: its name and how it is reached, until its own settings page exists."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """What every page says about the town."""

    name: str
    short_name: str
    address: tuple[str, ...]
    telephone: str
    email: str
    opening_hours: tuple[str, ...]


VALOMBRE = Municipality(
    name="Ville de Valombre",
    short_name="Valombre",
    address=("1, place de la Mairie", "69999 Valombre"),
    telephone="04\N{NO-BREAK SPACE}99\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}00",
    email="mairie@valombre.invalid",
    opening_hours=(
        "Du lundi au vendredi\N{NO-BREAK SPACE}: 8\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30 à 17\N{NO-BREAK SPACE}h",
        "Samedi\N{NO-BREAK SPACE}: 9\N{NO-BREAK SPACE}h à 12\N{NO-BREAK SPACE}h",
    ),
)
