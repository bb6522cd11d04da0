"""What is in the database, row by row, and what has changed between two looks."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import make_url

from tests.serving import Server

Row = dict[str, Any]
Records = dict[tuple[str, int], Row]

# What everybody may do to their own account through any of its pages.
OWN_COLUMNS = {"name", "phone", "version"}
OWN_EVENTS = {"notification.read", "notification.all_read", "notification.cleared", "user.updated"}
# What a customer may do at any branch: hold a free time and give it back, and wait for one.
CHOOSING = {"hold.created", "hold.renewed", "hold.released", "waitlist.joined", "slots.changed"}


@dataclass(frozen=True)
class Change:
    """A row before and after; None where it did not exist."""

    table: str
    before: Row | None
    after: Row | None

    @property
    def columns(self) -> set[str]:
        """The columns that differ."""
        old, new = self.before or {}, self.after or {}
        return {name for name in old | new if old.get(name) != new.get(name)}

    def is_own(self, user_id: int) -> bool:
        """Whether it is one that this account may make about itself."""
        row = self.after or {}
        match self.table:
            case "watermark" | "receipt":
                return bool(row.get("user_id") == user_id)
            case "users":
                existed = self.before is not None and self.after is not None
                return existed and row["id"] == user_id and self.columns <= OWN_COLUMNS
            case "event":
                mine = row.get("actor_id") == user_id and row["type"] in OWN_EVENTS
                return self.before is None and mine
        return False

    def is_choosing(self, user_id: int) -> bool:
        """Whether it is left over from a customer's choosing a time, in which nobody else had part."""
        row = self.after or {}
        match self.table:
            case "waitlist_entry":
                return self.before is None and row["customer_id"] == user_id
            case "event":
                told = row.get("topics", "")
                apart = "public.branch" in told or told == f'["user.{user_id}"]'
                return self.before is None and row["type"] in CHOOSING and apart
        return False


def look(server: Server) -> Records:
    """Every row of every table."""
    connection = sqlite3.connect(f"file:{make_url(server.database_url).database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    found = {
        (name, row["_row"]): dict(row)
        for (name,) in names
        for row in connection.execute(f'SELECT rowid AS _row, * FROM "{name}"')
    }
    connection.close()
    return found


def changes(
    before: Records, after: Records, own: Collection[int] = (), choosing: Collection[int] = ()
) -> list[Change]:
    """What differs, save what accounts may change about themselves, and customers in choosing."""
    differing = [
        Change(key[0], before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]
    return [
        each
        for each in differing
        if not any(each.is_own(user_id) for user_id in own)
        and not any(each.is_choosing(user_id) for user_id in choosing)
    ]


def user_id(server: Server, email: str) -> int:
    """The id of the account with this address."""
    rows = look(server).items()
    return next(
        int(row["id"]) for (table, _), row in rows if table == "users" and row["email"] == email
    )
