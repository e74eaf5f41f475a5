"""What each job of the timetable does, once and again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from espace_citoyen.jobs import TIMETABLE, FoundWrong, Job
from espace_citoyen.store import seal
from people import Town

NOW = datetime.now(UTC)
JOBS = {job.name: job for job in TIMETABLE}


def run(town: Town, name: str, at: datetime = NOW) -> int:
    with town.portal.connect() as connection:
        return JOBS[name].run(town.portal, connection, at=at)


def execute(town: Town, statement: str, *parameters: object) -> list[dict[str, Any]]:
    with town.portal.connection() as connection:
        done = connection.execute(statement.encode(), parameters)
        return done.fetchall() if done.description else []


@pytest.mark.parametrize("job", TIMETABLE, ids=lambda job: job.name)
def test_every_job_does_no_harm_to_a_town_and_even_less_the_second_time(town: Town, job: Job) -> None:
    filed = town.files(town.camille)
    town.drain()
    for _ in range(2):
        run(town, job.name)
    assert len(town.portal.stream(filed.request_id)) == 2
    assert all(event.event for event in town.portal.stream(filed.request_id))


def test_dead_sessions_are_swept_and_living_ones_are_not(town: Town) -> None:
    for number, hours in enumerate((1, 30, 48)):
        execute(
            town,
            "INSERT INTO plain.session (token_hash, person_id, actor, created_at, last_seen_at)"
            " VALUES (%s, %s, '{}', %s, %s)",
            bytes([number]) * 32,
            uuid4(),
            NOW - timedelta(hours=hours),
            NOW - timedelta(hours=hours),
        )
    assert run(town, "sweep-sessions") == 2
    assert run(town, "sweep-sessions") == 0
    assert len(execute(town, "SELECT 1 FROM plain.session")) == 1


def test_old_rate_limits_are_swept_in_as_many_goes_as_it_takes(town: Town) -> None:
    execute(
        town,
        "INSERT INTO plain.rate_limit SELECT n::text, '{}', %s + n * interval '1 second'"
        " FROM generate_series(-2500, 10) AS n WHERE n <> 0",
        NOW,
    )
    assert run(town, "sweep-rate-limits") == 2500
    assert len(execute(town, "SELECT 1 FROM plain.rate_limit")) == 10


def test_mails_sent_long_ago_are_swept_and_failed_ones_are_kept(town: Town) -> None:
    for state in ("sent", "printed", "failed", "waiting", "to_print"):
        for days in (10, 100):
            request_id = uuid4()
            town.portal.keys.create(request_id)
            puts_out(town, request_id, state, NOW - timedelta(days=days))
    assert run(town, "sweep-outbox") == 2
    assert len(execute(town, "SELECT 1 FROM plain.outbox")) == 8


def test_a_letter_queued_while_its_request_was_erased_is_swept(town: Town) -> None:
    puts_out(town, uuid4(), "to_print", None)
    assert run(town, "sweep-outbox") == 1


def puts_out(town: Town, request_id: UUID, state: str, settled_at: datetime | None) -> None:
    execute(
        town,
        "INSERT INTO plain.outbox (mail_id, stream_id, version, recipient, template, state, settled_at)"
        " VALUES (%s, %s, 1, 'applicant', 'acknowledgement', %s, %s)",
        uuid4(),
        request_id,
        state,
        settled_at,
    )


def test_keys_of_what_was_never_filed_are_swept_after_forty_days(town: Town) -> None:
    filed = town.files(town.camille)
    abandoned, resumed, recent = uuid4(), uuid4(), uuid4()
    for owner in (abandoned, resumed, recent):
        town.portal.keys.create(owner)
    execute(
        town,
        "UPDATE log.stream_key SET born_at = now() - interval '41 days' WHERE owner_id <> %s",
        recent,
    )
    kept = town.portal.keys.create(resumed)
    assert run(town, "sweep-unused-keys") == 1
    keys = town.portal.keys.open([abandoned, resumed, recent, filed.request_id, town.camille.id or uuid4()])
    assert set(keys) == {resumed, recent, filed.request_id, town.camille.id}
    assert keys[resumed] == kept


def test_a_key_asked_for_between_the_list_and_the_sweep_is_spared(town: Town) -> None:
    owner = uuid4()
    town.portal.keys.create(owner)
    execute(town, "UPDATE log.stream_key SET born_at = now() - interval '41 days' WHERE owner_id = %s", owner)
    with town.portal.connect() as connection:
        town.portal.keys.create(owner)
        JOBS["sweep-unused-keys"].command(town.portal, connection, [owner])
    assert set(town.portal.keys.open([owner])) == {owner}


def test_a_log_that_was_tampered_with_is_found_at_night(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    filed = town.files(town.camille)
    with town.portal.connect() as connection:
        seal.extend(connection)
    assert run(town, "check-seal") == 1
    execute(
        town,
        "UPDATE log.portal_events SET recorded_at = recorded_at + interval '1 day' WHERE originator_id = %s",
        filed.request_id,
    )
    with pytest.raises(FoundWrong, match="2"):
        run(town, "check-seal")
    assert str(filed.request_id) in capsys.readouterr().out


def test_a_read_model_that_drifted_is_found_at_night(town: Town) -> None:
    town.files(town.camille)
    town.drain()
    assert run(town, "check-read-model") == 1
    execute(town, "UPDATE request SET status = 'refused'")
    with pytest.raises(FoundWrong):
        run(town, "check-read-model")
