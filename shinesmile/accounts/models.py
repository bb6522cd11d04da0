"""Accounts, the branches they work at, their sessions and their one-time links."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shinesmile.core.database import UtcDateTime, text_enum
from shinesmile.core.scope import Role


class User(SQLModel, table=True):
    """An account. `email` is kept in lower case; `version` grows with each change."""

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120, index=True)
    phone: str = Field(default="", max_length=40)
    role: Role = Field(sa_type=text_enum(Role))
    password_hash: str = Field(max_length=200)
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Membership(SQLModel, table=True):
    """A staff account works at a branch."""

    user_id: int = Field(foreign_key="users.id", primary_key=True)
    branch_id: int = Field(foreign_key="branch.id", primary_key=True, index=True)


class Session(SQLModel, table=True):
    """A signed-in browser; its id is the token's `jti`."""

    __table_args__ = (Index("ix_session_user", "user_id", "revoked_at"),)

    id: str = Field(primary_key=True, max_length=40)
    user_id: int = Field(foreign_key="users.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    address: str = Field(default="", max_length=60)
    browser: str = Field(default="", max_length=200)


class PasswordReset(SQLModel, table=True):
    """A one-time link to choose a new password; only its fingerprint is stored."""

    __tablename__ = "password_reset"

    fingerprint: str = Field(primary_key=True, max_length=64)
    user_id: int = Field(foreign_key="users.id", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInFailures(SQLModel, table=True):
    """Failed sign-ins, counted for each account's address and each network address."""

    __tablename__ = "sign_in_failures"

    key: str = Field(primary_key=True, max_length=300)
    failures: int = 0
    last_at: datetime = Field(sa_type=UtcDateTime)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
