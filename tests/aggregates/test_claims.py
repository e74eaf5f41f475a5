"""Claims: a thing only one may hold, and what they tell of who holds it."""

from uuid import UUID

from espace_citoyen.aggregates.claims import ReferenceClaim, UsernameClaim
from espace_citoyen.aggregates.refusals import Invalid
from people import ALEX, CAMILLE, MONDAY
from scenario import Scenario


def username() -> UsernameClaim:
    return UsernameClaim.take(
        id=UUID(int=4001), at=MONDAY, actor=CAMILLE, username="Camille", holder=("account", UUID(int=1))
    )


def test_a_reference_is_claimed_in_clear_for_a_request_and_names_nobody() -> None:
    Scenario(ReferenceClaim).when(
        lambda: ReferenceClaim.take(
            id=UUID(int=5001), at=MONDAY, actor=CAMILLE, reference="7K3F-9QX2", request_id=UUID(int=1001)
        )
    ).then(
        ReferenceClaim.Taken,
        reference="7K3F-9QX2",
        request_id=UUID(int=1001),
        actor_kind="citizen",
        actor_id=None,
        actor_name="",
        actor_capacity="",
        on_behalf_of=None,
    )


def test_a_username_is_claimed_for_somebody_as_they_write_it() -> None:
    Scenario(UsernameClaim).when(username).then(
        UsernameClaim.Taken, username="Camille", holder_kind="account", holder_id=UUID(int=1)
    )


def test_a_username_goes_with_its_holder() -> None:
    Scenario(UsernameClaim).given(username).when(
        lambda claim: claim.erase(at=MONDAY, actor=ALEX, reason="person", visa="DPO-2026-014")
    ).then(UsernameClaim.Erased, reason="person")
    Scenario(UsernameClaim).given(username).when(
        lambda claim: claim.erase(at=MONDAY, actor=ALEX, reason="person", visa="vu avec elle")
    ).then_refused(Invalid, visa="Donnez la référence du visa, par exemple « DPO-2026-014 ».")
