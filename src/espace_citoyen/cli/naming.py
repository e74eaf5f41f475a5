"""The names of the departments and procedures that a request mentions by id: these are never erased."""

from collections.abc import Sequence
from uuid import UUID

from espace_citoyen.aggregates.procedures import Procedure
from espace_citoyen.aggregates.refusals import NotFound
from espace_citoyen.aggregates.staff import Department
from espace_citoyen.application import Portal
from espace_citoyen.cli.telling import Words
from espace_citoyen.projections.audit import Entry


def words_of(portal: Portal, entries: Sequence[Entry]) -> Words:
    """Return what the ids in a history are called, and the questions of the form it began with."""
    named = {str(each): _department(portal, each) for each in _ids(entries, "department_id", "departments")}
    questions: dict[str, str] = {}
    for each in _ids(entries, "procedure_id"):
        try:
            version = portal.get(Procedure, each).versions[int(entries[0].facts["procedure_version"])]
        except (NotFound, KeyError):
            continue
        named[str(each)] = version.title
        questions = {field.name: field.label for field in version.fields}
    return Words(named, questions)


def _department(portal: Portal, department_id: UUID) -> str:
    try:
        return portal.get(Department, department_id).name
    except NotFound:
        return str(department_id)


def _ids(entries: Sequence[Entry], *names: str) -> set[UUID]:
    found: set[UUID] = set()
    for entry in entries:
        for name in names:
            said = entry.facts.get(name) or []
            found |= {UUID(str(each)) for each in (said if isinstance(said, list) else [said])}
    return found
