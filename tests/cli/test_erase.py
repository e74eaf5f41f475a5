"""`espace-citoyen erase`: shown before it goes, gone for good, and gone again after a restore."""

import json
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from espace_citoyen.aggregates.accounts import Account
from espace_citoyen.aggregates.refusals import Erased
from espace_citoyen.aggregates.requests import ServiceRequest
from espace_citoyen.commands.accounts import authenticate
from espace_citoyen.commands.requests import Deposited
from fix_cli import Espace
from people import PASSWORD, Town

MOTIVE = ("--motif", "person", "--visa", "DPO-2026-014")


@pytest.fixture
def filed(town: Town) -> Deposited:
    return town.files(town.camille)


def still_readable(town: Town, filed: Deposited) -> bool:
    return len(town.portal.get(ServiceRequest, filed.request_id).pending_events) == 0


def register(tmp_path: Path) -> list[dict[str, str]]:
    path = tmp_path / "data" / "erasures.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_what_goes_is_shown_and_typing_the_reference_makes_it_go(
    espace: Espace, town: Town, filed: Deposited, tmp_path: Path
) -> None:
    said = espace("erase", "--reference", filed.reference, *MOTIVE, typed=f"{filed.reference}\n")
    assert said.status == 0
    for words in (
        f"Sera illisible pour toujours : demande {filed.reference}, 2 événements :",
        "1 × Quelqu’un a déposé la demande",
        "la personne concernée l’a demandé",
        "Effacé à la position",
    ):
        assert words in said.out
    with pytest.raises(Erased):
        town.portal.get(ServiceRequest, filed.request_id)
    (line,) = register(tmp_path)
    assert line["stream_id"] == str(filed.request_id)
    assert (line["reason"], line["visa"]) == ("person", "DPO-2026-014")
    assert "Camille" not in json.dumps(line)


@pytest.mark.parametrize("typed", ["", "oui\n", "non\n"])
def test_nothing_goes_without_the_reference_typed_again(
    espace: Espace, town: Town, filed: Deposited, tmp_path: Path, typed: str
) -> None:
    said = espace("erase", "--reference", filed.reference, *MOTIVE, typed=typed)
    assert said.status == 1
    assert "Rien n’a été effacé." in said.err
    assert still_readable(town, filed)
    assert register(tmp_path) == []


def test_erasing_twice_says_that_it_is_gone_already(espace: Espace, filed: Deposited, tmp_path: Path) -> None:
    espace("erase", "--reference", filed.reference, *MOTIVE, "--oui")
    again = espace("erase", "--reference", filed.reference, *MOTIVE, "--oui")
    assert again.status == 1
    assert "a été effacé" in again.err
    assert len(register(tmp_path)) == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((*MOTIVE, "--oui"), 2, "Il faut --reference"),
        (("--reference", "R", "--motif", "person"), 2, "Il faut --reference"),
        (("--reference", "R", "--motif", "Mme Rousseau", "--visa", "V"), 2, "--motif"),
        (
            ("--reference", "R", "--motif", "person", "--visa", "vu avec elle", "--oui"),
            1,
            "visa : Donnez la référence",
        ),
        (("--reference", "7K3F-9QX2", *MOTIVE, "--oui"), 1, "ni un identifiant ni une référence"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_goes(
    espace: Espace, town: Town, filed: Deposited, tmp_path: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    refused = espace("erase", *(filed.reference if word == "R" else word for word in words))
    assert refused.status == status
    assert said in refused.err
    assert still_readable(town, filed)
    assert register(tmp_path) == []


def test_a_procedure_names_nobody_and_is_not_erased(espace: Espace, town: Town) -> None:
    said = espace("erase", "--reference", str(town.birth_certificate), *MOTIVE, "--oui")
    assert said.status == 1
    assert "ne s’efface pas" in said.err


def test_an_erased_space_and_an_erased_agent_no_longer_sign_in(espace: Espace, town: Town) -> None:
    for who, username in ((town.camille, "camille"), (town.dominique, "dominique")):
        assert authenticate(town.portal, username=username, password=PASSWORD)
        assert espace("erase", "--reference", str(who.id), *MOTIVE, "--oui").status == 0
        assert authenticate(town.portal, username=username, password=PASSWORD) is None
    with pytest.raises(Erased):
        town.portal.get(Account, town.camille.id or UUID(int=0))


def test_what_a_restored_backup_brings_back_is_erased_again(
    espace: Espace, town: Town, filed: Deposited, tmp_path: Path
) -> None:
    with psycopg.connect(town.portal.database_url) as connection:
        connection.execute("CREATE TABLE plain.backup AS SELECT * FROM log.stream_key")
    espace("erase", "--reference", filed.reference, *MOTIVE, "--oui")
    with psycopg.connect(town.portal.database_url) as connection:
        connection.execute("DELETE FROM log.portal_events WHERE topic = 'request:erased'")
        connection.execute("INSERT INTO log.stream_key SELECT * FROM plain.backup ON CONFLICT DO NOTHING")
    assert still_readable(town, filed)

    said = espace("erase", "--rejouer")
    assert (said.status, said.out) == (0, "Registre rejoué : 1 dossier effacé de nouveau.\n")
    with pytest.raises(Erased):
        town.portal.get(ServiceRequest, filed.request_id)
    assert len(register(tmp_path)) == 1
    assert espace("erase", "--rejouer").out.startswith("Registre rejoué : 0 dossier")
