"""`mail-in`: an answer by mail is filed in its request, one on the standard input or all those of an LMTP line."""

import argparse
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import IO
from urllib.parse import urlsplit

from espace_citoyen import files
from espace_citoyen.aggregates.refusals import Refusal
from espace_citoyen.application import Portal
from espace_citoyen.commands.replies import MOST_MAIL_BYTES, TOO_LARGE, Arrived, Mailroom, NotFiled, file_mail
from espace_citoyen.config import ConfigurationError, Settings

DONE, REFUSED = 0, 1
PIECE = 1024 * 1024


def mail_in(settings: Settings, arguments: argparse.Namespace) -> int:
    """File the mail on the standard input; return 0 (filed, or dropped), 1 (refused) or 75 (to be tried again)."""
    room = mailroom(settings)
    with closing(Portal(settings.database, settings.master_key)) as portal:
        if arguments.lmtp is not None:
            from espace_citoyen.cli import lmtp

            return lmtp.serve(portal, room, arguments.lmtp or settings.lmtp or "")
        try:
            arrived = Arrived(_whole(sys.stdin.buffer), recipients=_recipients(arguments))
            file_mail(portal, at=datetime.now(UTC), room=room, arrived=arrived)
        except NotFiled as refusal:
            print(refusal, file=sys.stderr)
            return REFUSED
        except Refusal:  # somebody else wrote first, again and again
            return os.EX_TEMPFAIL
    return DONE


def mailroom(settings: Settings) -> Mailroom:
    """Return where answers come in; raise ConfigurationError where there is no address for them."""
    if settings.reply_address is None:
        raise ConfigurationError(
            "ESPACE_CITOYEN_REPLY_ADDRESS : à définir pour recevoir les réponses par courriel."
        )
    return Mailroom(
        address=settings.reply_address,
        host=(urlsplit(settings.base_url).hostname or "localhost").lower(),
        files_root=files.folder(settings.files_url),
    )


def _recipients(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Return what the mail server says of the address, by argument or, as Postfix does, by the environment."""
    return tuple(each for each in (arguments.to, os.environ.get("ORIGINAL_RECIPIENT")) if each)


def _whole(source: IO[bytes]) -> bytes:
    """Read a mail to its end, keeping no more than we take: a server whose pipe breaks would try again."""
    content = source.read(MOST_MAIL_BYTES + 1)
    if len(content) <= MOST_MAIL_BYTES:
        return content
    while source.read(PIECE):
        pass
    raise NotFiled(TOO_LARGE, "5.3.4")
