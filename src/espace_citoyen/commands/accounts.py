"""Opening a space, and telling who signs in."""

import unicodedata
from datetime import datetime
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from espace_citoyen.aggregates.accounts import Account, Person
from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel
from espace_citoyen.aggregates.claims import UsernameClaim
from espace_citoyen.aggregates.refusals import AlreadyTaken, ChangedMeanwhile, Erased, Invalid, NotFound
from espace_citoyen.aggregates.staff import StaffMember
from espace_citoyen.application import Portal
from espace_citoyen.store.recorder import Statement

# OWASP's second choice: 19 MiB and two passes. The library's default of 64 MiB, times the threads of a web
# process, would not fit in the memory promised.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("the hash of nobody, verified so that an unknown name takes as long as a known one")

PASSWORD_LIMIT = 1_000
WEAK = (
    "Choisissez au moins 12 caractères avec minuscule, majuscule, chiffre et ponctuation, ou une phrase de 7 mots."
)


def open_account(
    portal: Portal, *, at: datetime, actor: Actor, username: str, password: str, person: Person
) -> UUID:
    """Open a space that signs in with a username; raise AlreadyTaken, or Invalid with the fields to correct."""
    account_id = uuid4()
    claim = claim_username(portal, at=at, actor=actor, username=username, holder=("account", account_id))
    account = Account.open(id=account_id, at=at, actor=actor, username_claim=claim.id, person=person)
    try:
        portal.record(account, claim, alongside=[password_statement(account_id, password, at)])
    except (ChangedMeanwhile, Erased):
        raise AlreadyTaken("Cet identifiant est déjà pris\N{NO-BREAK SPACE}: choisissez-en un autre.") from None
    return account_id


def refuse_weak(password: str) -> None:
    """Refuse a password that CNIL's recommendation 2022-100 does not take as enough by itself.

    Enough are 12 characters of four classes, 14 of lower case, upper case and digits, or seven words.
    """
    classes = {_class(character) for character in password}
    strong = (
        (len(password) >= 12 and len(classes) == 4)
        or (len(password) >= 14 and {"lower", "upper", "digit"} <= classes)
        or len(password.split()) >= 7
    )
    if not strong or len(password) > PASSWORD_LIMIT:
        raise Invalid("A weak password", {"password": [WEAK]})


def _class(character: str) -> str:
    if character.isdecimal():
        return "digit"
    return "lower" if character.islower() else "upper" if character.isupper() else "other"


def claim_username(
    portal: Portal, *, at: datetime, actor: Actor, username: str, holder: tuple[str, UUID]
) -> UsernameClaim:
    """Make the claim to be recorded with its holder; refuse an empty or over-long name."""
    folded = fold_username(username)
    if not folded or len(folded) > 100:
        raise Invalid("An impossible username", {"username": ["Choisissez un identifiant de 1 à 100 caractères."]})
    claim_id = portal.keys.claim_id("username", folded)
    return UsernameClaim.take(id=claim_id, at=at, actor=actor, username=username, holder=holder)


def fold_username(username: str) -> str:
    """Return the form under which two spellings of one name are one name."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def password_statement(holder_id: UUID, password: str, at: datetime) -> Statement:
    """Return the statement that keeps a password's argon2 hash, to be run alongside a save."""
    return (
        "INSERT INTO plain.credential (holder_id, password_hash, changed_at) VALUES (%s, %s, %s)"
        " ON CONFLICT (holder_id) DO UPDATE"
        " SET password_hash = excluded.password_hash, changed_at = excluded.changed_at",
        (holder_id, _HASHER.hash(password), at),
    )


def authenticate(portal: Portal, *, username: str, password: str) -> Actor | None:
    """Return who signs in with these, or None; an unknown name takes as long as a wrong password."""
    claim = _claim_of(portal, username)
    known = _password_hash(portal, claim.holder_id) if claim else None
    try:
        right = _HASHER.verify(known or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return actor_of(portal, kind=claim.holder_kind, holder_id=claim.holder_id) if right and claim else None


def actor_of(portal: Portal, *, kind: str, holder_id: UUID) -> Actor:
    """Return the account (`account`) or member of staff (`staff`) as somebody who acts on the web."""
    if kind == "staff":
        profile = portal.get(StaffMember, holder_id).profile
        return Actor(
            kind=ActorKind.STAFF,
            channel=Channel.WEB,
            id=holder_id,
            name=profile.name,
            capacity=profile.capacity,
            departments=profile.departments,
            roles=profile.roles,
        )
    person = portal.get(Account, holder_id).person
    return Actor(kind=ActorKind.CITIZEN, channel=Channel.WEB, id=holder_id, name=person.full_name)


def _claim_of(portal: Portal, username: str) -> UsernameClaim | None:
    try:
        return portal.get(UsernameClaim, portal.keys.claim_id("username", fold_username(username)))
    except (NotFound, Erased):
        return None


def _password_hash(portal: Portal, holder_id: UUID) -> str | None:
    with portal.connection() as connection:
        row = connection.execute(
            "SELECT password_hash FROM plain.credential WHERE holder_id = %s", (holder_id,)
        ).fetchone()
    return row["password_hash"] if row else None
