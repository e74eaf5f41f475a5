"""The background work, in two processes: projector, reactions and seal; jobs, mails and erasures."""

import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import structlog

from espace_citoyen import files, reactions
from espace_citoyen.application import Portal
from espace_citoyen.config import ConfigurationError, Settings
from espace_citoyen.jobs import TIMETABLE, sweep_of_files
from espace_citoyen.store.erasure import Register
from espace_citoyen.store.keys import refuse_wrong_key
from espace_citoyen.worker.eraser import Eraser
from espace_citoyen.worker.following import Following
from espace_citoyen.worker.mailer import Mailer
from espace_citoyen.worker.projector import Projector
from espace_citoyen.worker.scheduler import Scheduler
from espace_citoyen.worker.sealer import Sealer

Loop = Callable[[], None]
Part = Callable[[Portal, Settings, Event], Sequence[Loop]]

_log = structlog.get_logger()


def work(settings: Settings, part: str) -> int:
    """Do one part of the work (`projector` or `jobs`) until a signal ends it; return 1 when a loop died."""
    refuse_wrong_key(settings.database, settings.master_key)
    stop = Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, lambda *_: stop.set())
    with closing(Portal(settings.database, settings.master_key)) as portal:
        return run(PARTS[part](portal, settings, stop), stop)


def run(loops: Sequence[Loop], stop: Event) -> int:
    """Run each loop in a thread of its own until `stop`; one that ends otherwise ends all, for a fresh start."""
    died = Event()

    def live(loop: Loop) -> None:
        try:
            loop()
        except Exception:
            _log.exception("loop died")
        if not stop.is_set():
            died.set()
            stop.set()

    threads = [Thread(target=live, args=(loop,)) for loop in loops]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join()
    return 1 if died.is_set() else 0


def _projector(portal: Portal, settings: Settings, stop: Event) -> Sequence[Loop]:
    followers = (Projector(), reactions.mails(portal), reactions.erasures(_files_root(settings)))
    return [*(Following(portal, each, stop).run for each in followers), Sealer(portal, stop).run]


def _jobs(portal: Portal, settings: Settings, stop: Event) -> Sequence[Loop]:
    timetable = [*TIMETABLE, sweep_of_files(_files_root(settings))]
    eraser = Eraser(portal, Register.below(settings.data_dir), stop)
    return [Scheduler(portal, timetable, stop).run, Mailer(portal, settings, stop).run, eraser.run]


def _files_root(settings: Settings) -> Path:
    try:
        return files.folder(settings.files_url)
    except ValueError:
        raise ConfigurationError("ESPACE_CITOYEN_FILES_URL : seul « file:/dossier » est pris en charge.") from None


PARTS: Mapping[str, Part] = {"projector": _projector, "jobs": _jobs}
