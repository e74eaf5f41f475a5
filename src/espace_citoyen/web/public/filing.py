"""Filing a procedure, with account or without: its form, what was typed read again, then the deposit (S19–S23)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from espace_citoyen.aggregates.accounts import Person
from espace_citoyen.aggregates.procedures import Procedure, ProcedureVersion
from espace_citoyen.aggregates.refusals import ChangedMeanwhile, Forbidden, Invalid
from espace_citoyen.commands.requests import Deposited, Filing, deposit_request
from espace_citoyen.projections.procedures import CatalogueRow
from espace_citoyen.web import context, forms, guards, parking, security_code, wording
from espace_citoyen.web.public import filer
from espace_citoyen.web.schemas.procedures import APPLICANT, QUESTION, answers_of, filing_form

CHANGED = (
    "La mairie vient de modifier ce formulaire. Vos réponses sont conservées"
    "\N{NO-BREAK SPACE}: relisez-les et complétez ce qui manque."
)
LONGEST_NUMBER = 10
"""No version's number has as many digits; Python refuses to read one of thousands."""
READING = ("recapitulatif", "nouveau-code")
"""The steps that lead to « Le récapitulatif », the latter with another security code."""
CODES = {word: code for code, word in wording.CONTACTS.items()}


def blank(row: CatalogueRow) -> forms.Form:
    """The form, with the account's coordinates already filled in where there is one (S20)."""
    person = filer.coordinates()
    known = vars(person) | {"preferred_contact": wording.contact_word(person.preferred_contact)}
    return forms.blank(filing_form(_version(row)), **{name: known[name] for name in APPLICANT})


def draw(row: CatalogueRow, form: forms.Form) -> str:
    """The page of the form; what is drawn anew is another deed, so it has another id."""
    questions = [name for name in form.schema.fields if name.startswith(QUESTION)]
    return flask.render_template(
        "public/procedures/form.html",
        row=row,
        form=form,
        applicant=APPLICANT,
        questions=questions,
        version=_version(row).number,
        new_id=filer.new_id(),
    )


def may_begin(row: CatalogueRow) -> bool:
    """Whether whoever looks is shown the form, or what the procedure is and the way to sign in (S16)."""
    return not filer.is_of_the_town() and filer.may_file(_version(row))


def step(row: CatalogueRow) -> ResponseReturnValue:
    """Do what the button pressed says; nothing typed is lost, whatever comes of it."""
    asked = flask.request.form.get("etape")
    if filer.is_of_the_town():
        raise Forbidden("Only a citizen files from a space")
    if not filer.may_file(_version(row)):
        return guards.to_sign_in()
    parking.keep()
    form = _checked(row, forms.sent(filing_form(_version(row))))
    if asked == "modifier":
        return draw(row, replace(form, errors={}))
    if form.errors:
        return draw(row, form), 422
    try:
        return _read_again(row, form) if asked in READING else _file(row, form)
    except Invalid as refusal:
        return draw(row, _refused(form, refusal)), 422
    except ChangedMeanwhile:
        return draw(row, form.with_error(CHANGED)), 409


def _read_again(row: CatalogueRow, form: forms.Form, wrong_code: str = "") -> str:
    version, applicant, answers = _version(row), _person(form.data), answers_of(form.data)
    _refuse_former_version(version)
    return flask.render_template(
        "public/procedures/summary.html",
        row=row,
        applicant=applicant,
        answers=wording.answered(version, answers),
        typed=[each for each in flask.request.form.items(multi=True) if each[0] not in parking.OWN],
        version=version.number,
        new_id=filer.new_id(),
        challenge=filer.challenge(),
        code=security_code.form(wrong_code),
    )


def _refuse_former_version(version: ProcedureVersion) -> None:
    if str(version.number) != flask.request.form.get("version"):
        raise ChangedMeanwhile("A new version of the form was published")


def _checked(row: CatalogueRow, form: forms.Form) -> forms.Form:
    """The same form with all that would be refused, in the order of the page: one round of corrections."""
    version, applicant, answers = _version(row), _person(form.data), answers_of(form.data)
    checks: Mapping[str, Callable[[], object]] = {
        "": lambda: applicant.check(context.now()),
        QUESTION: lambda: version.check(answers),
    }
    wrong: dict[str, list[str]] = {}
    for prefix, check in checks.items():
        try:
            check()
        except Invalid as refusal:
            wrong |= {prefix + name: said for name, said in refusal.fields.items()}
    said = {**wrong, **form.errors}
    return replace(form, errors={name: said[name] for name in form.schema.fields if name in said})


def _file(row: CatalogueRow, form: forms.Form) -> ResponseReturnValue:
    request_id = filer.sent_id()
    if not filer.has_account():
        _refuse_former_version(_version(row))  # before the code is spent
    if wrong := filer.refused_code(request_id):
        return flask.make_response(_read_again(row, form, wrong), 422)
    filed = _deposit(row, request_id, form.data)
    filer.follows(filed.request_id)
    context.wrote(filed.position)
    return flask.redirect(flask.url_for("citizen.filed", reference=filed.reference), 303)


def _deposit(row: CatalogueRow, request_id: UUID, data: Mapping[str, Any]) -> Deposited:
    seen = flask.request.form.get("version", "")
    filing = Filing(
        request_id=request_id,
        procedure_id=row.procedure_id,
        procedure_version=int(seen) if seen.isdecimal() and len(seen) < LONGEST_NUMBER else 0,
        applicant=_person(data),
        answers=answers_of(data),
    )
    actor = filer.actor(request_id, filing.applicant)
    return deposit_request(context.portal(), at=context.now(), actor=actor, filing=filing)


def _refused(form: forms.Form, refusal: Invalid) -> forms.Form:
    """The procedure names its questions, the form its fields."""
    known = form.schema.fields
    named = {QUESTION + name if QUESTION + name in known else name: said for name, said in refusal.fields.items()}
    return replace(form, errors=named or {"": ["Relisez vos réponses, puis validez de nouveau."]})


def _version(row: CatalogueRow) -> ProcedureVersion:
    """The present version, asked of the procedure itself once a page."""
    if "version" not in flask.g:
        flask.g.version = context.portal().get(Procedure, row.procedure_id).current
    version: ProcedureVersion = flask.g.version
    return version


def _person(data: Mapping[str, Any]) -> Person:
    """The applicant as typed; what this form does not ask comes from the account, if there is one."""
    typed = {name: data.get(name, "") for name in APPLICANT}
    return replace(filer.coordinates(), **typed | {"preferred_contact": CODES.get(typed["preferred_contact"], "")})
