"""The one source of the present moment, so that tests can hold it still."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """The present moment in UTC, with its zone."""
    return _source()


def today(zone: str) -> date:
    """The calendar day it is now at a place with this IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Tell the time from `source`; None returns to the system's clock."""
    global _source
    _source = source or _system_now
