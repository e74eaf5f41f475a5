"""Whether the portal is well, as a watcher sees it."""

from espace_citoyen.application import Portal
from visitors import Clock, Visitor


def beat(portal: Portal, clock: Clock, *, ill: str = "") -> None:
    """Every loop of the worker beats now."""
    with portal.connection() as connection:
        connection.execute("UPDATE plain.worker_heartbeat SET beat_at = %s, well = name <> %s", [clock(), ill])


def test_all_is_well_while_every_loop_beats(visitor: Visitor, portal: Portal, clock: Clock) -> None:
    beat(portal, clock)
    response = visitor.client.get("/sante")
    assert response.status_code == 200
    assert response.json
    assert response.json["statut"] == "ok"
    assert set(response.json["traitements"].values()) == {"ok"}


def test_a_portal_whose_worker_never_started_is_not_well(visitor: Visitor) -> None:
    assert visitor.client.get("/sante").status_code == 503


def test_twenty_seconds_without_a_beat_are_a_breakdown(visitor: Visitor, portal: Portal, clock: Clock) -> None:
    beat(portal, clock)
    clock.passes(seconds=19)
    assert visitor.client.get("/sante").status_code == 200
    clock.passes(seconds=1)
    response = visitor.client.get("/sante")
    assert response.status_code == 503
    assert response.json
    assert response.json["traitements"]["projector"] == "en retard"


def test_a_loop_that_says_it_is_ill_turns_it_red(visitor: Visitor, portal: Portal, clock: Clock) -> None:
    beat(portal, clock, ill="mailer")
    response = visitor.client.get("/sante")
    assert response.status_code == 503
    assert response.json
    assert response.json["traitements"]["mailer"] == "en panne"
