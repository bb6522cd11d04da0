"""The event log: what happened, in commit order, written with the rows it describes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core import clock
from shinesmile.core.database import UnitOfWork, UtcDateTime
from shinesmile.core.scope import Scope
from shinesmile.realtime import bus

# Any constant will do, as long as nothing else in this database locks on it.
_APPEND_LOCK = 0x5348494E45

_PENDING = "events to append"


class Event(SQLModel, table=True):
    """One thing that happened. `topics` say who may be touched; `data` is never personal."""

    __table_args__ = (
        Index("ix_event_subject", "subject_kind", "subject_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )
    type: str = Field(max_length=60)
    topics: list[str] = Field(sa_column=Column(JSON, nullable=False))
    subject_kind: str = Field(max_length=40)
    subject_id: str = Field(max_length=40)
    version: int = 1
    actor_id: int | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


def record(
    work: UnitOfWork,
    type: str,
    subject: tuple[str, int | str],
    topics: Iterable[str],
    *,
    actor: Scope | None = None,
    version: int = 1,
    data: dict[str, Any] | None = None,
) -> None:
    """Record a past-tense event in this unit of work.

    `subject` is the kind and id of what it happened to. The event becomes visible exactly
    when the unit of work commits, and wakes the bus after that.
    """
    pending: list[Event] = work.info.setdefault(_PENDING, [])
    if not pending:
        work.before_commit.append(lambda: _append(work, pending))
        work.after_commit.append(bus.wake)
    kind, subject_id = subject
    pending.append(
        Event(
            type=type,
            topics=sorted(set(topics)),
            subject_kind=kind,
            subject_id=str(subject_id),
            version=version,
            actor_id=actor.user_id if actor else None,
            data=data or {},
            at=clock.now(),
        )
    )


async def number_in_commit_order(work: UnitOfWork) -> None:
    """From here to the commit, rows that this unit of work inserts are numbered in its turn.

    A PostgreSQL sequence hands out numbers before commits become visible, so a reader could
    pass number 8 and later meet 7. The lock is held until the commit: numbers and commits
    come in one order. Flushing first keeps every other row lock outside of it. SQLite has
    one writer at a time and needs no lock.
    """
    await work.flush()
    if work.get_bind().dialect.name == "postgresql":
        await work.exec(select(func.pg_advisory_xact_lock(_APPEND_LOCK)))


async def _append(work: UnitOfWork, events: list[Event]) -> None:
    await number_in_commit_order(work)
    work.add_all(events)
    await work.flush()


async def last_seq(session: AsyncSession) -> int:
    """The number of the newest event; 0 when there is none."""
    return (await session.exec(select(func.max(Event.seq)))).one() or 0


async def read_after(session: AsyncSession, seq: int, limit: int = 500) -> Sequence[Event]:
    """The events that follow `seq`, in order."""
    query = select(Event).where(col(Event.seq) > seq).order_by(col(Event.seq)).limit(limit)
    return (await session.exec(query)).all()
