"""`web`: the site behind granian, whose threads let slow clients wait without making anybody else wait."""

import argparse
import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from espace_citoyen.config import PREFIX, Settings
from espace_citoyen.store.keys import refuse_wrong_key

WORKERS = 2
THREADS = 16


def web(settings: Settings, arguments: argparse.Namespace) -> int:
    """Serve the site until a signal ends it; raise WrongMasterKey."""
    refuse_wrong_key(settings.database, settings.master_key)
    os.environ[f"{PREFIX}DATABASE_URL"] = settings.database
    os.environ[f"{PREFIX}DATA_DIR"] = str(settings.data_dir)
    os.environ[f"{PREFIX}BASE_URL"] = settings.base_url
    Granian(
        "espace_citoyen.wsgi:make_app",
        factory=True,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    ).serve()
    return 0
