"""The embedded server: first start, next starts, and whatever a kill -9 leaves behind."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from espace_citoyen.postgres import AlreadyRunning, EmbeddedServer, PostgresError
from espace_citoyen.postgres.account import account_for
from espace_citoyen.postgres.cluster import wheel_binaries
from espace_citoyen.postgres.strays import living
from waiting import wait_until

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL under another account")

STARTER = """
import signal, sys
from pathlib import Path
from espace_citoyen.postgres import EmbeddedServer
print(EmbeddedServer(Path(sys.argv[1])).start(), flush=True)
signal.pause()
"""


@pytest.fixture
def server(data_folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(data_folder / "données de la ville")
    yield server
    server.stop()


def cluster(server: EmbeddedServer) -> Path:
    return server.data_dir / "postgres"


def socket_folder(server: EmbeddedServer) -> Path:
    return Path(str(psycopg.conninfo.conninfo_to_dict(server.url)["host"]))


def started_by_another_process(server: EmbeddedServer) -> subprocess.Popen[str]:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, server.data_dir], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    with starter.stdout as printed:
        assert any(line.startswith("postgresql://") for line in iter(printed.readline, ""))
    return starter


def kill_all(server: EmbeddedServer, starter: subprocess.Popen[str]) -> None:
    for pid in [starter.pid, *living(cluster(server))]:
        with contextlib.suppress(ProcessLookupError):  # the end of one leads to the end of others
            os.kill(pid, signal.SIGKILL)
    starter.wait()
    wait_until(lambda: not living(cluster(server)), "the end of the killed server")


def written(url: str) -> list[tuple[int]]:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        return connection.execute("SELECT n FROM kept").fetchall()


def test_the_first_start_makes_the_server_as_decided(server: EmbeddedServer) -> None:
    names = ("listen_addresses", "data_checksums", "server_encoding", "TimeZone", "fsync")
    with psycopg.connect(server.start()) as connection:
        shown = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
        collation = connection.execute("SELECT datcollate FROM pg_database WHERE datname = current_database()")
        assert collation.fetchone() == ("C.UTF-8",)
        assert connection.info.server_version // 10_000 == 18
    assert shown == [("",), ("on",), ("UTF8",), ("UTC",), ("on",)]


def test_the_next_start_finds_everything_again(server: EmbeddedServer) -> None:
    assert written(server.start()) == [(1,)]
    server.stop()
    assert not server.probe()
    assert written(server.start()) == [(1,), (1,)]


def test_only_the_account_that_starts_it_enters(server: EmbeddedServer) -> None:
    server.start()
    sockets = socket_folder(server)
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert len(bytes(sockets / ".s.PGSQL.5432")) <= 107
    with pytest.raises(psycopg.OperationalError, match=r"[Pp]eer"):
        psycopg.connect(server.url, user="somebody_else")


def test_a_very_long_folder_is_no_obstacle(data_folder: Path) -> None:
    server = EmbeddedServer(data_folder / ("a" * 120) / ("b" * 120))
    try:
        assert written(server.start()) == [(1,)]
    finally:
        server.stop()


def test_one_master_per_folder(server: EmbeddedServer) -> None:
    server.start()
    second = EmbeddedServer(server.data_dir)
    with pytest.raises(AlreadyRunning, match="déjà démarrée"):
        second.start()
    second.stop()
    assert second.probe()
    server.stop()
    second.start()
    second.stop()


def test_the_server_ends_with_the_process_that_started_it(server: EmbeddedServer) -> None:
    starter = started_by_another_process(server)
    starter.kill()
    starter.wait()
    wait_until(lambda: not living(cluster(server)), "the server, whose starter was killed, to end")
    assert "database system is shut down" in (server.data_dir / "postgres.log").read_text()


def test_a_start_right_after_the_death_of_the_former_starter(server: EmbeddedServer) -> None:
    starter = started_by_another_process(server)
    written(server.url)
    starter.kill()
    starter.wait()
    assert written(server.start()) == [(1,), (1,)]


def test_a_start_after_everything_was_killed(server: EmbeddedServer) -> None:
    starter = started_by_another_process(server)
    written(server.url)
    kill_all(server, starter)
    assert (cluster(server) / "postmaster.pid").exists()
    assert written(server.start()) == [(1,), (1,)]


def test_a_start_when_the_former_pid_belongs_to_somebody_else(server: EmbeddedServer) -> None:
    kill_all(server, started_by_another_process(server))
    account = account_for(cluster(server))
    bystander = subprocess.Popen(["/bin/sleep", "60"], user=account.pw_uid if account else None)
    try:
        pid_file = cluster(server) / "postmaster.pid"
        _, *rest = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text(f"{bystander.pid}\n" + "".join(rest))
        server.start()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_master_killed_alone_is_started_again(server: EmbeddedServer) -> None:
    server.start()
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    assert written(server.start()) == [(1,)]


def test_half_a_cluster_is_thrown_away(server: EmbeddedServer) -> None:
    half = server.data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert written(server.start()) == [(1,)]
    assert not half.exists()


def test_a_server_that_cannot_start_says_why(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (cluster(server) / "postgresql.conf").write_text("wal_level = nonsense\n")
    with pytest.raises(PostgresError, match=r"(?s)n’a pas démarré.*wal_level"):
        server.start()


def test_its_log_holds_no_personal_data(server: EmbeddedServer) -> None:
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("CREATE TABLE names (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO names VALUES ('Camille Martin')")
            except psycopg.errors.UniqueViolation:
                connection.execute("SELECT 1")
    assert "Camille" not in (server.data_dir / "postgres.log").read_text()


@as_root
def test_root_starts_it_under_another_account_even_below_a_closed_folder(data_folder: Path) -> None:
    home = data_folder / "root"
    wheel = wheel_binaries().parents[1]
    binaries = home / "venv" / wheel.name / "pginstall18" / "bin"
    shutil.copytree(wheel / "pginstall18", binaries.parent)
    shutil.copytree(wheel.with_suffix(".libs"), home / "venv" / f"{wheel.name}.libs")
    for path in [home, *home.rglob("*")]:
        path.chmod(path.stat().st_mode & 0o700)
    server = EmbeddedServer(home / "data", binaries=binaries)
    try:
        assert written(server.start()) == [(1,)]
        assert server.process is not None
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid
        assert pwd.getpwuid(owner).pw_name in {"postgres", "nobody"}
        modes = {stat.S_IMODE(folder.stat().st_mode) for folder in (home, home / "venv", home / "data")}
        assert modes == {0o701}
    finally:
        server.stop()


@as_root
def test_root_keeps_the_account_that_owns_the_cluster(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    nobody = pwd.getpwnam("nobody")
    for path in [cluster(server), *cluster(server).rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    written(server.start())
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == nobody.pw_uid


def test_a_socket_folder_put_there_by_somebody_else_is_refused(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    sockets = socket_folder(server)
    sockets.symlink_to(server.data_dir)
    try:
        with pytest.raises(PostgresError, match="appartient à un autre compte"):
            server.start()
    finally:
        sockets.unlink()
