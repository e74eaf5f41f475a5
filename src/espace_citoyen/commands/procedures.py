"""Opening procedures and publishing their versions."""

from datetime import datetime
from uuid import UUID

from espace_citoyen.aggregates.actor import Actor
from espace_citoyen.aggregates.procedures import Procedure, ProcedureVersion
from espace_citoyen.aggregates.refusals import AlreadyTaken, ChangedMeanwhile
from espace_citoyen.application import Portal, decide_again


def open_procedure(portal: Portal, *, at: datetime, actor: Actor, slug: str, version: ProcedureVersion) -> UUID:
    """Open a procedure at an address with its first version; raise AlreadyTaken when the address is used."""
    procedure = Procedure.open(id=procedure_id(portal, slug), at=at, actor=actor, slug=slug)
    procedure.publish(at=at, actor=actor, version=version)
    try:
        portal.record(procedure)
    except ChangedMeanwhile:
        raise AlreadyTaken("Cette adresse est déjà prise\N{NO-BREAK SPACE}: choisissez-en une autre.") from None
    return procedure.id


@decide_again()
def publish_version(
    portal: Portal, *, at: datetime, actor: Actor, procedure_id: UUID, version: ProcedureVersion
) -> int:
    """Publish the next version of a procedure and return the position reached."""
    procedure = portal.get(Procedure, procedure_id)
    procedure.publish(at=at, actor=actor, version=version)
    return portal.record(procedure)


def procedure_id(portal: Portal, slug: str) -> UUID:
    """Compute the id of the procedure at an address: an address is had once."""
    return portal.keys.claim_id("procedure", slug)
