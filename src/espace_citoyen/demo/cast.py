"""The people and departments of the invented town of Valombre."""

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.actor import Role
from espace_citoyen.aggregates.staff import Contact

PASSWORD = "Demonstration-2026!"  # noqa: S105 - the README tells it to everybody

CIVIL, EDUCATION, LIVING = "État civil", "Éducation et petite enfance", "Cadre de vie"

DEPARTMENTS = {
    CIVIL: Contact(
        address="1 place de la Mairie, 69999 Valombre",
        email="etat-civil@valombre.invalid",
        telephone="04 99 00 00 01",
    ),
    EDUCATION: Contact(
        address="3 rue des Écoles, 69999 Valombre", email="education@valombre.invalid", telephone="04 99 00 00 02"
    ),
    LIVING: Contact(
        address="12 quai du Lavoir, 69999 Valombre",
        email="cadre-de-vie@valombre.invalid",
        telephone="04 99 00 00 03",
    ),
}

CITIZENS = {
    "camille": Person(
        title="Mme",
        first_name="Camille",
        last_name="Rousseau",
        email="camille@exemple.invalid",
        address="8 rue des Tilleuls",
        postcode="69999",
        town="Valombre",
        mobile="06 99 00 00 10",
    ),
    "nadia": Person(title="Mme", first_name="Nadia", last_name="Benali", email="nadia@exemple.invalid"),
}

WITHOUT_ACCOUNT = {
    "lea": Person(
        title="Mme", first_name="Léa", last_name="Moreau", email="lea@exemple.invalid", mobile="06 99 00 00 12"
    )
}
"""Who files without opening a space."""

# username: name, capacity, departments, roles
STAFF: dict[str, tuple[str, str, tuple[str, ...], tuple[Role, ...]]] = {
    "dominique": ("Dominique Morel", "Officier d’état civil", (CIVIL,), (Role.AGENT,)),
    "maud": ("Maud Lenoir", "Responsable de l’état civil", (CIVIL,), (Role.AGENT, Role.MANAGER)),
    "samir": ("Samir Haddad", "Responsable des inscriptions", (EDUCATION,), (Role.AGENT, Role.MANAGER)),
    "alex": ("Alex Fournier", "Administrateur du portail", (), (Role.ADMINISTRATOR, Role.EDITOR)),
    "ines": ("Inès Carpentier", "Auditrice", (), (Role.AUDITOR,)),
}
