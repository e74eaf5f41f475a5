"""What is typed to sign in."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.web.schemas import fields


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
