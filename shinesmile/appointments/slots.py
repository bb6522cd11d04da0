"""Free times of a branch's day: pure functions over plain values."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CELL_SECONDS = 300
INTERVAL = timedelta(minutes=15)
LEAD_TIME = timedelta(hours=2)
HORIZON_DAYS = 90
MAX_ACTIVE = 3

Hours = Sequence[tuple[int, time, time]]


def cells(starts_at: datetime, minutes: int) -> range:
    """The five-minute cells (counted since 1970, UTC) that a stretch of time touches."""
    first = int(starts_at.timestamp())
    return range(first // CELL_SECONDS, -(-(first + minutes * 60) // CELL_SECONDS))


def practitioner_resource(user_id: int) -> str:
    """The name under which a practitioner's time is claimed."""
    return f"practitioner:{user_id}"


def room_resource(room_id: int) -> str:
    """The name under which a room's time is claimed."""
    return f"room:{room_id}"


def starts(day: date, zone: str, hours: Hours, minutes: int) -> Iterator[datetime]:
    """Every start (UTC) at which `minutes` fit into the branch's hours on that day.

    Hours are wall-clock in the branch's zone: (weekday, opens, closes). Stepping in elapsed
    time skips wall-clock times that do not exist and gives a repeated hour twice.
    """
    place = ZoneInfo(zone)
    length = timedelta(minutes=minutes)
    for weekday, opens, closes in sorted(hours):
        if weekday != day.weekday():
            continue
        start = datetime.combine(day, opens, place).astimezone(UTC)
        end = datetime.combine(day, closes, place).astimezone(UTC)
        while start + length <= end:
            yield start
            start += INTERVAL


def first_free(
    resources: Iterable[str], wanted: range, taken: Mapping[str, Collection[int]]
) -> str | None:
    """The first of these resources none of whose wanted cells is taken."""
    for resource in resources:
        owned = taken.get(resource, ())
        if not any(cell in owned for cell in wanted):
            return resource
    return None


def nearest(wanted: datetime, candidates: Iterable[datetime], limit: int = 3) -> list[datetime]:
    """The candidates closest to the wanted time, in their own order."""
    closest = sorted(candidates, key=lambda start: abs(start - wanted))[:limit]
    return sorted(closest)
