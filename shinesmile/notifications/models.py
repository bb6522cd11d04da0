"""Notifications: one row for each channel, what each person did with it, and the mail outbox."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shinesmile.core.database import UtcDateTime


class Notification(SQLModel, table=True):
    """Something that a channel is told, whether three or three thousand people hear it."""

    __table_args__ = (Index("ix_notification_channel", "channel", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=80)
    type: str = Field(max_length=60)
    severity: str = Field(max_length=10)
    title: str = Field(max_length=200)
    body: str = Field(default="", max_length=500)
    link: str = Field(default="", max_length=300)
    actor_id: int | None = Field(default=None, foreign_key="users.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


class Receipt(SQLModel, table=True):
    """What a person did with one notification."""

    user_id: int = Field(foreign_key="users.id", primary_key=True)
    notification_id: int = Field(foreign_key="notification.id", primary_key=True)
    read_at: datetime = Field(sa_type=UtcDateTime)


class Watermark(SQLModel, table=True):
    """Up to which notification a person has read, and cleared, everything."""

    user_id: int = Field(foreign_key="users.id", primary_key=True)
    read_up_to: int = 0
    cleared_up_to: int = 0


class Mail(SQLModel, table=True):
    """An e-mail in the outbox, written in the transaction that gave rise to it."""

    __table_args__ = (Index("ix_mail_due", "sent_at", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str = Field(max_length=10_000)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    problem: str = Field(default="", max_length=300)
