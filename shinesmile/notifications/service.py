"""Notifications: telling a channel, and what each person has read and cleared."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core import clock, database
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import NotFound
from shinesmile.core.scope import Scope
from shinesmile.notifications.models import Notification, Receipt, Watermark
from shinesmile.realtime.log import number_in_commit_order, record

BELL_SIZE = 20
COUNT_UP_TO = 100


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is told: `severity` is success, info, warning or error.

    `title` travels in the event and the toast, so it names no person.
    """

    type: str
    severity: str
    title: str
    body: str = ""
    link: str = ""


async def notify(
    work: UnitOfWork, channels: Iterable[str], message: Message, *, actor: Scope | None = None
) -> None:
    """Tell each channel, in the transaction of the change: one row a channel."""
    rows = [
        Notification(
            channel=channel,
            type=message.type,
            severity=message.severity,
            title=message.title,
            body=message.body,
            link=message.link,
            actor_id=actor.user_id if actor else None,
            created_at=clock.now(),
        )
        for channel in sorted(channels)
    ]
    await number_in_commit_order(work)
    work.add_all(rows)
    await work.flush()
    for row in rows:
        record(
            work,
            "notification.created",
            ("notification", row.id or 0),
            [row.channel],
            actor=actor,
            data={"severity": row.severity, "title": row.title, "body": row.body},
        )


async def begin_inbox(work: UnitOfWork, user_id: int) -> None:
    """Let an account start with an empty inbox: what its channels were told before is not its."""
    newest = (await work.exec(select(func.max(Notification.id)))).one() or 0
    mark = await work.get(Watermark, user_id) or Watermark(user_id=user_id)
    mark.read_up_to = mark.cleared_up_to = newest
    work.add(mark)


def _heard(scope: Scope, mark: Watermark) -> ColumnElement[bool]:
    return col(Notification.channel).in_(sorted(scope.channels)) & (
        col(Notification.id) > mark.cleared_up_to
    )


def _unread(scope: Scope, mark: Watermark) -> ColumnElement[bool]:
    read = select(Receipt.notification_id).where(Receipt.user_id == scope.user_id)
    newer = col(Notification.id) > mark.read_up_to
    return _heard(scope, mark) & newer & col(Notification.id).not_in(read)


async def bell(session: AsyncSession, scope: Scope) -> tuple[Sequence[Notification], set[int], int]:
    """The newest notifications, the ids of the unread among them, and how many are unread.

    The number stops at 100.
    """
    mark = await session.get(Watermark, scope.user_id) or Watermark(user_id=scope.user_id)
    newest = select(Notification).where(_heard(scope, mark)).order_by(col(Notification.id).desc())
    shown = (await session.exec(newest.limit(BELL_SIZE))).all()
    unread = select(Notification.id).where(_unread(scope, mark))
    ids = [row.id for row in shown]
    unread_shown = {
        each for each in await session.exec(unread.where(col(Notification.id).in_(ids))) if each
    }
    few = unread.limit(COUNT_UP_TO).subquery()
    count = (await session.exec(select(func.count()).select_from(few))).one()
    return shown, unread_shown, count


async def mark_read(scope: Scope, notification_id: int) -> None:
    """Mark one notification as read, on every device of this person."""
    # Read on two devices at once, it is read: the second one finds the first one's receipt.
    with suppress(IntegrityError):
        async with database.unit_of_work() as work:
            row = await work.get(Notification, notification_id)
            if row is None or row.channel not in scope.channels:
                raise NotFound
            if await work.get(Receipt, (scope.user_id, notification_id)) is None:
                work.add(
                    Receipt(
                        user_id=scope.user_id, notification_id=notification_id, read_at=clock.now()
                    )
                )
            _changed(work, scope, "notification.read", notification_id)


async def mark_all_read(scope: Scope) -> None:
    """Mark everything up to now as read."""
    await _raise_watermark(scope, "notification.all_read", clear=False)


async def clear_all(scope: Scope) -> None:
    """Clear everything up to now out of the bell."""
    await _raise_watermark(scope, "notification.cleared", clear=True)


async def _raise_watermark(scope: Scope, happened: str, clear: bool) -> None:
    async with database.unit_of_work() as work:
        newest = (await work.exec(select(func.max(Notification.id)))).one() or 0
        mark = await work.get(Watermark, scope.user_id) or Watermark(user_id=scope.user_id)
        mark.read_up_to = newest
        if clear:
            mark.cleared_up_to = newest
        work.add(mark)
        _changed(work, scope, happened, newest)


def _changed(work: UnitOfWork, scope: Scope, happened: str, notification_id: int) -> None:
    mine = [f"user.{scope.user_id}"]
    record(work, happened, ("notification", notification_id), mine, actor=scope)
