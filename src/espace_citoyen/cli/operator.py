"""Who acts from the command line: the portal's operation, under an account of the machine."""

import getpass
import os

from espace_citoyen.aggregates.actor import Actor, ActorKind, Channel


def operator() -> Actor:
    """Return the operator as the log will name them."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = str(os.getuid())
    return Actor(kind=ActorKind.SYSTEM, channel=Channel.SYSTEM, name=f"Exploitation (compte {account})")
