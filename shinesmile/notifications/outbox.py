"""The outbox: mail is a row of the transaction that gave rise to it, sent afterwards, once."""

import asyncio
import logging
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core import clock, database
from shinesmile.core.database import UnitOfWork
from shinesmile.core.permissions import Action, require
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications.models import Mail
from shinesmile.realtime.log import record

_log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 5.0
SMTP_TIMEOUT_SECONDS = 20.0
FIRST_RETRY = timedelta(seconds=30)
MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)


def post(work: UnitOfWork, recipient: str, subject: str, body: str) -> None:
    """Put an e-mail into the outbox of this unit of work."""
    now = clock.now()
    work.add(Mail(recipient=recipient, subject=subject, body=body, created_at=now, due_at=now))
    _changed(work, "mail.posted")


def _changed(work: UnitOfWork, happened: str) -> None:
    record(work, happened, ("mail", 0), [f"role.{Role.ADMIN}"])


async def newest(session: AsyncSession, scope: Scope, limit: int = 50) -> Sequence[Mail]:
    """The newest mails, sent or not, for admins."""
    require(scope, Action.SEE_OUTBOX)
    return (await session.exec(select(Mail).order_by(col(Mail.id).desc()).limit(limit))).all()


async def deliver(smtp_url: str) -> None:
    """Send what is due until cancelled."""
    while True:
        try:
            mail = await _take_due()
            if mail is not None:
                await _hand_over(smtp_url, mail)
                continue
        except Exception:
            _log.exception("The outbox could not be read; trying again.")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _hand_over(smtp_url: str, mail: Mail) -> None:
    try:
        await asyncio.to_thread(_send, smtp_url, mail)
    except Exception as problem:
        # Whatever is wrong with one mail, the others still go out.
        _log.warning("Mail %s was not accepted (attempt %s).", mail.id, mail.attempts)
        await _note(mail, str(problem) or type(problem).__name__)
    else:
        await _note(mail, "")


async def _take_due() -> Mail | None:
    """The next mail that is due, leased to this process until it has answered."""
    now = clock.now()
    query = (
        select(Mail)
        .where(col(Mail.sent_at).is_(None), Mail.due_at <= now, Mail.attempts < MAX_ATTEMPTS)
        .order_by(col(Mail.due_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    async with database.reading() as session:
        if (await session.exec(query)).first() is None:
            return None
    async with database.unit_of_work() as work:
        mail = (await work.exec(query)).first()
        if mail is not None:
            mail.attempts += 1
            mail.due_at = now + LEASE
            work.add(mail)
        return mail


async def _note(mail: Mail, problem: str) -> None:
    async with database.unit_of_work() as work:
        row = await work.get_one(Mail, mail.id)
        row.problem = problem[:300]
        _changed(work, "mail.failed" if problem else "mail.sent")
        if problem:
            row.due_at = clock.now() + FIRST_RETRY * 2 ** (row.attempts - 1)
        else:
            row.sent_at = clock.now()
        work.add(row)


def _send(smtp_url: str, mail: Mail) -> None:
    """Hand a mail to `smtp[s]://[user:password@]host[:port][?from=address]`; blocks."""
    url = urlsplit(smtp_url)
    message = EmailMessage()
    message["From"] = f"ShineSmile <{unquote(url.query.removeprefix('from='))}>"
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Message-ID"] = f"<outbox-{mail.id}@shinesmile>"
    message.set_content(mail.body)
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with connect(url.hostname or "", url.port or 0, timeout=SMTP_TIMEOUT_SECONDS) as server:
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
