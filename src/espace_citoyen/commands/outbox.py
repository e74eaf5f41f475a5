"""What the administrator can do about a mail that did not leave."""

from datetime import datetime
from uuid import UUID

from espace_citoyen import outbox
from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.refusals import Forbidden, NotFound
from espace_citoyen.application import Portal


def retry_mail(portal: Portal, *, at: datetime, actor: Actor, mail_id: UUID) -> None:
    """Have a mail that failed, or waits for its next try, sent now.

    Raise Forbidden for all but the administrator, NotFound when there is no such mail or it has left.
    """
    if Role.ADMINISTRATOR not in actor.roles:
        raise Forbidden("The outbox is the administrator's")
    with portal.connection() as connection:
        if not outbox.try_again(connection, mail_id, at=at):
            raise NotFound("No such mail to be sent again")
