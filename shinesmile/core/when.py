"""Moments as people at a branch read them; the one formatter for pages, mail and toasts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def wall_clock(moment: datetime, zone: str) -> datetime:
    """The moment as the clock on a wall in this IANA zone shows it."""
    return moment.astimezone(ZoneInfo(zone))


def day_text(moment: datetime, zone: str) -> str:
    """Such as `Tue 24 Nov 2026`."""
    return f"{wall_clock(moment, zone):%a %-d %b %Y}"


def time_text(moment: datetime, zone: str) -> str:
    """Such as `10:30`."""
    return f"{wall_clock(moment, zone):%H:%M}"


def slot_text(moment: datetime, zone: str) -> str:
    """Such as `10:30`; with the offset behind it in the hour that the clock shows twice."""
    local = wall_clock(moment, zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M} ({local:%z})" if twice else f"{local:%H:%M}"


def moment_text(moment: datetime, zone: str) -> str:
    """Such as `Tue 24 Nov 2026, 10:30`."""
    return f"{day_text(moment, zone)}, {time_text(moment, zone)}"


def ago_text(moment: datetime, now: datetime) -> str:
    """How long ago, coarsely: `just now`, `5 min`, `3 h`, `2 d`."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def start_of_day(day: date, zone: str) -> datetime:
    """The moment (UTC) at which a calendar day begins in this zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The moments (UTC) at which a calendar day begins and the next one does."""
    return start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
