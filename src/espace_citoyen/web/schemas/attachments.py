"""What is typed about an attachment; its files come beside."""

from marshmallow import EXCLUDE, Schema

from espace_citoyen.web.schemas import fields

KINDS = (
    "Pièce d’identité",
    "Justificatif de domicile",
    "Attestation ou certificat",
    "Formulaire rempli",
    "Photographie",
    "Courrier",
    "Autre document",
)
"""What an attachment can be said to be."""
ACCEPTED = "PDF, JPEG ou PNG, 10\N{NO-BREAK SPACE}Mo au plus chacun, quatre fichiers au plus."


class _Attachment(Schema):
    class Meta:
        unknown = EXCLUDE


def attachment_form(present_kind: str = "") -> Schema:
    """The schema of an attachment (S29); one that came otherwise keeps the kind it has among the choices."""
    kinds = KINDS if present_kind in ("", *KINDS) else (*KINDS, present_kind)
    return _Attachment.from_dict(
        {
            "kind": fields.choice("Nature de la pièce", kinds, missing="Choisissez la nature de la pièce."),
            "title": fields.text(
                "Titre",
                missing="Donnez un titre à cette pièce.",
                longest=200,
                hint="Par exemple «\N{NO-BREAK SPACE}Facture d’eau de mars\N{NO-BREAK SPACE}».",
            ),
            "note": fields.text("Note (facultatif)", longest=2_000, kind="long_text", rows=3),
            "files": fields.files(
                "Fichiers à ajouter" if present_kind else "Fichiers", required=not present_kind, hint=ACCEPTED
            ),
        }
    )()
