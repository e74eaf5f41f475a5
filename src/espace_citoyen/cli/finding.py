"""What an operator means by a reference or an id."""

from uuid import UUID

from espace_citoyen.aggregates.references import parse_reference
from espace_citoyen.aggregates.refusals import Invalid
from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import find_request


def stream_id(portal: Portal, typed: str) -> UUID:
    """Return the id of a stream, given itself or as a request's reference; raise Invalid, or NotFound."""
    try:
        return UUID(typed)
    except ValueError:
        reference = parse_reference(typed)
    if reference is None:
        said = f"« {typed} » n’est ni un identifiant ni une référence (un caractère faux, ou deux intervertis ?)."
        raise Invalid("Neither an id nor a reference", {"ID": [said]})
    return find_request(portal, reference)
