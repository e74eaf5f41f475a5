"""The whole timetable: when each job runs, what it finds to do, and what it does about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from espace_citoyen.application import Portal
from espace_citoyen.commands.requests import sweep_files
from espace_citoyen.projections import check, former
from espace_citoyen.store import seal

AT_ONCE = 1_000
"""Longest to-do taken in one go; a job comes back for the rest."""

PARIS = ZoneInfo("Europe/Paris")

_log = structlog.get_logger()


class FoundWrong(Exception):
    """A check found something wrong: somebody has to look, and `/sante` says so until the next check is clean."""


Command = Callable[[Portal, Connection[Any], Sequence[Any]], None]


@dataclass(frozen=True)
class Job:
    """A job: `to_do` selects the ids to be dealt with at `%(at)s`, `command` deals with them.

    Running it again, wholly or in part, does no harm: it finds less to do.
    """

    name: str
    when: BaseTrigger
    to_do: str
    command: Command

    def run(self, portal: Portal, connection: Connection[Any], *, at: datetime) -> int:
        """Do everything there is to do, in goes of `AT_ONCE`, and return how much that was."""
        done = 0
        while True:
            query = f"{self.to_do} LIMIT {AT_ONCE}"
            found = [row["id"] for row in connection.execute(query.encode(), {"at": at})]
            if found:
                self.command(portal, connection, found)
                done += len(found)
            if len(found) < AT_ONCE:
                return done


def _at(minute: str, hour: str = "*") -> CronTrigger:
    """Return a trigger in Paris time; nights avoid the hour that is skipped or comes twice."""
    return CronTrigger(minute=minute, hour=hour, timezone=PARIS)


def _delete(table: str, column: str) -> Command:
    statement = SQL("DELETE FROM plain.{} WHERE {} = ANY(%s)").format(Identifier(table), Identifier(column))

    def delete(_portal: Portal, connection: Connection[Any], ids: Sequence[Any]) -> None:
        connection.execute(statement, (ids,))

    return delete


def _delete_keys(_portal: Portal, connection: Connection[Any], ids: Sequence[Any]) -> None:
    """Delete keys, unless one was asked for since the list was made (which makes it young again)."""
    connection.execute(
        "DELETE FROM log.stream_key WHERE owner_id = ANY(%s) AND born_at < now() - interval '40 days'"
        " AND NOT EXISTS (SELECT FROM log.portal_events WHERE originator_id = owner_id)",
        (ids,),
    )


def _check_seal(_portal: Portal, connection: Connection[Any], _ids: Sequence[Any]) -> None:
    wrong = 0
    for finding in seal.verify(connection):
        wrong += 1
        _log.error("seal broken", flaw=finding.flaw.value, position=finding.position, stream=finding.stream)
    if wrong:
        raise FoundWrong(str(wrong))


def _check_read_model(portal: Portal, _connection: Connection[Any], _ids: Sequence[Any]) -> None:
    differences = check.differences(portal)
    for found in differences:
        _log.error("read model differs", table=found.table, missing=found.missing, extra=found.extra)
    if differences:
        raise FoundWrong(str(len(differences)))


def _drop_former(_portal: Portal, connection: Connection[Any], schemas: Sequence[Any]) -> None:
    former.drop(connection, schemas)


def sweep_of_files(root: Path) -> Job:
    """Return the job that deletes the files of a folder that no event names; an empty log deletes nothing."""

    def sweep(portal: Portal, _connection: Connection[Any], ids: Sequence[Any]) -> None:
        swept = sweep_files(portal, root=root, at=ids[0])
        if swept:
            _log.info("files swept", number=swept)

    return Job("sweep-files", _at("35", "4"), _NOW, sweep)


_NOW = "SELECT %(at)s::timestamptz AS id WHERE EXISTS (SELECT FROM log.portal_events)"
_NEWEST = "SELECT max(notification_id) AS id FROM log.portal_events HAVING count(*) > 0"

TIMETABLE = (
    Job(
        "sweep-sessions",
        _at("7"),
        "SELECT token_hash AS id FROM plain.session WHERE created_at < %(at)s - interval '24 hours'",
        _delete("session", "token_hash"),
    ),
    Job(
        "sweep-rate-limits",
        _at("*/15"),
        "SELECT key AS id FROM plain.rate_limit WHERE expires_at < %(at)s",
        _delete("rate_limit", "key"),
    ),
    Job(
        "sweep-spent",
        _at("12"),
        "SELECT spent_id AS id FROM plain.spent WHERE expires_at < %(at)s",
        _delete("spent", "spent_id"),
    ),
    Job(
        "sweep-outbox",
        _at("20", "4"),
        "SELECT mail_id AS id FROM plain.outbox WHERE state IN ('sent', 'withheld', 'printed')"
        " AND settled_at < %(at)s - interval '90 days'"
        " OR NOT EXISTS (SELECT FROM log.stream_key WHERE owner_id = stream_id)",  # queued while it was erased
        _delete("outbox", "mail_id"),
    ),
    Job(
        "sweep-access-log",
        _at("22", "4"),
        "SELECT access_id AS id FROM plain.access_log WHERE at < %(at)s - interval '1 year'",
        _delete("access_log", "access_id"),
    ),
    Job(
        "sweep-job-runs",
        _at("25", "4"),
        "SELECT slot AS id FROM plain.job_run WHERE slot < %(at)s - interval '90 days'",
        _delete("job_run", "slot"),
    ),
    Job(
        "sweep-unused-keys",
        _at("30", "4"),
        "SELECT owner_id AS id FROM log.stream_key WHERE born_at < %(at)s - interval '40 days'"
        " AND NOT EXISTS (SELECT FROM log.portal_events WHERE originator_id = owner_id)",
        _delete_keys,
    ),
    Job("drop-former-read-models", _at("40", "4"), former.FORMER, _drop_former),
    Job("check-seal", _at("50", "4"), _NEWEST, _check_seal),
    Job("check-read-model", _at("10", "5"), _NEWEST, _check_read_model),
)
