"""Branches, their opening hours and rooms, and the services they offer."""

from datetime import time, timedelta

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from shinesmile.branches.catalogue import ServiceKind
from shinesmile.core.database import text_enum


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
    buffer_minutes: int = Field(default=5, ge=0, le=60)
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
