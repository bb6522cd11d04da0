"""Branches, their opening hours and rooms, and the services they offer."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from shinesmile.branches.catalogue import ServiceKind
from shinesmile.core.database import UtcDateTime, text_enum


class Branch(SQLModel, table=True):
    """A clinic location; `timezone` is an IANA name and all its hours are wall-clock there."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    address: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=40)
    timezone: str = Field(max_length=60)
    is_active: bool = True
    version: int = 1


class OpeningHours(SQLModel, table=True):
    """A stretch of a weekday (0 = Monday) in which a branch is open."""

    __tablename__ = "opening_hours"

    id: int | None = Field(default=None, primary_key=True)
    branch_id: int = Field(foreign_key="branch.id", index=True)
    weekday: int = Field(ge=0, le=6)
    opens: time
    closes: time


class WorkingHours(SQLModel, table=True):
    """A stretch of a weekday in which a practitioner works at a branch."""

    __tablename__ = "working_hours"
    __table_args__ = (Index("ix_working_hours", "branch_id", "practitioner_id"),)

    id: int | None = Field(default=None, primary_key=True)
    practitioner_id: int = Field(foreign_key="users.id")
    branch_id: int = Field(foreign_key="branch.id")
    weekday: int = Field(ge=0, le=6)
    opens: time
    closes: time
    is_break: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    week: str = Field(default="every", max_length=5)


class DayException(SQLModel, table=True):
    """A day on which other hours hold, for a branch or one practitioner there.

    Without opening and closing time it is a day off.
    """

    __tablename__ = "day_exception"
    __table_args__ = (Index("ix_day_exception", "branch_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    branch_id: int = Field(foreign_key="branch.id")
    practitioner_id: int | None = Field(default=None, foreign_key="users.id")
    day: date
    opens: time | None = None
    closes: time | None = None


class Holiday(SQLModel, table=True):
    """A range of days, both ends included, on which a branch is closed."""

    id: int | None = Field(default=None, primary_key=True)
    branch_id: int = Field(foreign_key="branch.id", index=True)
    name: str = Field(max_length=120)
    first_day: date
    last_day: date


class Leave(SQLModel, table=True):
    """A time in which a practitioner is away, wherever they work."""

    __table_args__ = (Index("ix_leave", "practitioner_id", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    practitioner_id: int = Field(foreign_key="users.id")
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class Room(SQLModel, table=True):
    """A room of a branch where patients are seen."""

    __table_args__ = (UniqueConstraint("branch_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    branch_id: int = Field(foreign_key="branch.id", index=True)
    name: str = Field(max_length=60)
    kind: ServiceKind = Field(sa_type=text_enum(ServiceKind))
    is_active: bool = True


class Service(SQLModel, table=True):
    """Something that can be booked. Lengths are in minutes, the price in hundredths."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    kind: ServiceKind = Field(sa_type=text_enum(ServiceKind))
    description: str = Field(default="", max_length=500)
    duration_minutes: int = Field(ge=5, le=480)
    before_minutes: int = Field(default=0, ge=0, le=60)
    after_minutes: int = Field(default=5, ge=0, le=60)
    interval_minutes: int = Field(default=15, ge=5, le=240)
    lead_minutes: int = Field(default=120, ge=0)
    horizon_days: int = Field(default=90, ge=1)
    notice_minutes: int = Field(default=120, ge=0)
    max_per_day: int = Field(default=0, ge=0)
    seats: int = Field(default=1, ge=1, le=50)
    is_staff_only: bool = False
    price_cents: int = Field(ge=0)
    needs_approval: bool = False
    is_active: bool = True
    version: int = 1

    @property
    def duration(self) -> timedelta:
        """How long it takes."""
        return timedelta(minutes=self.duration_minutes)


class Offer(SQLModel, table=True):
    """A branch offers a service."""

    branch_id: int = Field(foreign_key="branch.id", primary_key=True)
    service_id: int = Field(foreign_key="service.id", primary_key=True, index=True)
