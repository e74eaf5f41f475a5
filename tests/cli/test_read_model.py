"""`espace-citoyen read-model …`: where it is, whether it is right, and built anew."""

from fix_cli import Espace
from people import Town


def test_status_tells_how_far_it_is(espace: Espace, town: Town) -> None:
    town.files(town.camille)
    town.drain()
    filed = town.files(town.camille)
    said = espace("read-model", "status")
    assert said.status == 0
    assert town.portal.read_schema in said.out
    assert f"Journal : {filed.position}\n" in said.out
    assert "Retard : 3 événement(s)" in said.out


def test_check_is_silent_about_a_right_one_and_says_what_is_wrong_with_another(espace: Espace, town: Town) -> None:
    filed = town.files(town.camille)
    town.drain()
    assert espace("read-model", "check").status == 0
    with town.portal.connection() as connection:
        connection.execute("DELETE FROM request")
    said = espace("read-model", "check")
    assert said.status == 1
    assert "request : 1 ligne(s) en moins, 0 en trop." in said.out
    assert str(filed.request_id) in said.out


def test_rebuild_puts_right_what_was_wrong(espace: Espace, town: Town) -> None:
    town.files(town.camille)
    town.drain()
    with town.portal.connection() as connection:
        connection.execute("DELETE FROM request")
    assert espace("read-model", "rebuild").status == 0
    assert espace("read-model", "check").status == 0
