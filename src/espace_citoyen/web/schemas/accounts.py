"""What is typed to sign in, and by those who have no account."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.web.schemas import fields


class SecurityCode(Schema):
    """The field of the security code (S04)."""

    class Meta:
        unknown = EXCLUDE

    code_de_securite = fields.text(
        "Code de sécurité",
        missing="Recopiez le code de sécurité.",
        longest=20,
        kind="number",
        hint="Recopiez les six chiffres de l’image, ou ceux que vous entendez.",
        autocomplete="off",
    )


class SignIn(Schema):
    """The two fields of `/connexion`."""

    class Meta:
        unknown = EXCLUDE

    username = fields.text(
        "Identifiant", missing="Saisissez votre identifiant.", longest=200, autocomplete="username"
    )
    password = fields.password(
        "Mot de passe", missing="Saisissez votre mot de passe.", autocomplete="current-password"
    )
