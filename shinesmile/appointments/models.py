"""Appointments and the claims that make double booking impossible in the database."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from shinesmile.appointments.lifecycle import Status, Waiting
from shinesmile.appointments.slots import Place
from shinesmile.core.database import UtcDateTime, text_enum


class Appointment(SQLModel, table=True):
    """A booked time. What the service was called and cost is kept as it was when booked.

    Moments are in UTC; `timezone` is the branch's IANA zone beside them.
    """

    __table_args__ = (
        Index("ix_appointment_branch", "branch_id", "starts_at"),
        Index("ix_appointment_customer", "customer_id", "starts_at"),
        Index("ix_appointment_practitioner", "practitioner_id", "starts_at"),
        Index("ix_appointment_status", "status", "starts_at"),
        Index("ix_appointment_starts", "starts_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=12, unique=True)
    version: int = 1
    branch_id: int = Field(foreign_key="branch.id")
    customer_id: int = Field(foreign_key="users.id")
    practitioner_id: int = Field(foreign_key="users.id")
    room_id: int = Field(foreign_key="room.id")
    assigned_to: int | None = Field(default=None, foreign_key="users.id", index=True)
    service_id: int = Field(foreign_key="service.id")
    service_name: str = Field(max_length=120)
    duration_minutes: int
    price_cents: int
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    timezone: str = Field(max_length=60)
    status: Status = Field(sa_type=text_enum(Status))
    source: str = Field(default="web", max_length=10)
    note: str = Field(default="", max_length=1000)
    reason: str = Field(default="", max_length=500)
    lane: int = 0
    is_late: bool = False
    created_by: int = Field(foreign_key="users.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Hold(SQLModel, table=True):
    """A time that somebody is about to book: theirs alone until it expires."""

    __table_args__ = (Index("ix_hold_holder", "holder_id"), Index("ix_hold_expires", "expires_at"))

    id: int | None = Field(default=None, primary_key=True)
    holder_id: int = Field(foreign_key="users.id")
    branch_id: int = Field(foreign_key="branch.id")
    service_id: int = Field(foreign_key="service.id")
    practitioner_id: int = Field(foreign_key="users.id")
    room_id: int = Field(foreign_key="room.id")
    starts_at: datetime = Field(sa_type=UtcDateTime)
    lane: int = 0
    expires_at: datetime = Field(sa_type=UtcDateTime)
    renewals: int = 0
    entry_id: int | None = Field(default=None, foreign_key="waitlist_entry.id")

    @property
    def place(self) -> Place:
        """What the hold keeps."""
        return Place(self.practitioner_id, self.room_id, self.lane)


class WaitlistEntry(SQLModel, table=True):
    """Somebody waits for an earlier or any time. Ranked by when they asked."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (Index("ix_waitlist", "branch_id", "service_id", "status", "ranked_at"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="users.id", index=True)
    branch_id: int = Field(foreign_key="branch.id")
    service_id: int = Field(foreign_key="service.id")
    practitioner_id: int | None = Field(default=None, foreign_key="users.id")
    first_day: date
    last_day: date
    status: Waiting = Field(sa_type=text_enum(Waiting))
    ranked_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class WaitlistOffer(SQLModel, table=True):
    """A time that was offered to an entry once, and is not again."""

    __tablename__ = "waitlist_offer"

    entry_id: int = Field(foreign_key="waitlist_entry.id", primary_key=True)
    starts_at: datetime = Field(sa_type=UtcDateTime, primary_key=True)


class Claim(SQLModel, table=True):
    """One five-minute cell of a practitioner's or a room's time, taken by an appointment or a hold.

    The primary key is the rule (DESIGN.md §5): a cell of a resource's lane has one owner.
    Lane 0 is the ordinary one; the seats of a group follow, and overbookings stand from
    lane 100 on. `cell` counts five-minute steps since 1970 in UTC.
    """

    resource: str = Field(primary_key=True, max_length=30)
    lane: int = Field(primary_key=True)
    cell: int = Field(primary_key=True, sa_type=BigInteger)
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", index=True)
    hold_id: int | None = Field(default=None, foreign_key="hold.id", index=True)
