"""What the numbers were measured on."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psycopg


def told(database_url: str, *, rounds: int, quick: bool) -> list[str]:
    """Return the lines to print above the table."""
    with psycopg.connect(database_url) as connection:
        version = connection.info.server_version
    busy = os.getloadavg()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cœurs pour le serveur, les clients et la base"
        f" ({_processor()}), {memory:.0f} Gio, charge {busy:.1f} au départ",
        f"PostgreSQL {version // 10_000}.{version % 10_000}, Python {platform.python_version()},"
        f" {platform.system()} {platform.release()}; {rounds} tours entrelacés{', vite fait' if quick else ''}",
    ]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
