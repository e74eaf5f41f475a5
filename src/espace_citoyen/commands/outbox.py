"""What people do about a mail that did not leave by itself: send it again, or put it on paper."""

from datetime import datetime
from uuid import UUID

from espace_citoyen import outbox
from espace_citoyen.aggregates.actor import Actor, Role
from espace_citoyen.aggregates.refusals import Forbidden, NotFound, NotNow
from espace_citoyen.aggregates.requests import ServiceRequest
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


def letter_printed(portal: Portal, *, at: datetime, actor: Actor, mail_id: UUID) -> None:
    """Note that a letter is on paper, ready for the post; noting it again is no news.

    Raise NotFound when there is none, Forbidden for all but the department that has the request, NotNow for one
    that does not wait to be printed.
    """
    with portal.connection() as connection:
        mail = outbox.find(connection, mail_id)
        if mail is None:
            raise NotFound("No such letter")
        if not actor.works_for(portal.get(ServiceRequest, mail.stream_id).department_id):
            raise Forbidden("The letters of a department are its own")
        if not outbox.printed(connection, mail_id, at=at) and mail.state is not outbox.State.PRINTED:
            raise NotNow("Ce courrier n’attend pas d’être imprimé.")
