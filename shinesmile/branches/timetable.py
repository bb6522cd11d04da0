"""When a practitioner works at a branch: pure rules over plain values (DOMAIN.md §3, 1 to 6).

Rules are wall-clock in the branch's zone and each day is converted on its own, so that a day
with 23 or 25 hours needs no special case. Spans are pairs of moments in UTC.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shinesmile.core.when import day_bounds

Span = tuple[datetime, datetime]
Stretch = tuple[time, time]


class Week(StrEnum):
    """In which weeks a weekly rule holds; A weeks have an odd ISO number."""

    EVERY = "every"
    A = "A"
    B = "B"

    def includes(self, day: date) -> bool:
        """Whether a day lies in such a week."""
        is_odd = day.isocalendar().week % 2 == 1
        return self is Week.EVERY or (self is Week.A) == is_odd


@dataclass(frozen=True, slots=True)
class Weekly:
    """A stretch of one weekday (0 = Monday), for as long and in the weeks that it is valid."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None
    week: Week = Week.EVERY

    def holds_on(self, day: date) -> bool:
        """Whether the rule applies to a day."""
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
            and self.week.includes(day)
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly stretches, and the days for which others take their place (none: closed)."""

    weekly: Sequence[Weekly] = ()
    exceptions: Mapping[date, Sequence[Stretch]] = field(default_factory=dict)

    def stretches(self, day: date) -> list[Stretch]:
        """The stretches of a day."""
        if day in self.exceptions:
            return sorted(self.exceptions[day])
        return sorted((each.opens, each.closes) for each in self.weekly if each.holds_on(day))


@dataclass(frozen=True, slots=True)
class Absences:
    """What takes time away from a practitioner: weekly breaks, and leave or blocked spans."""

    breaks: Sequence[Weekly] = ()
    leave: Sequence[Span] = ()


def spans_on(day: date, zone: str, stretches: Iterable[Stretch]) -> list[Span]:
    """The moments (UTC) at which the clock on the wall shows stretches of a day.

    A stretch is two spans where its end comes twice, and none where the clock leaves it out.
    """
    parts = _parts(day, zone)
    return [span for opens, closes in stretches for span in _shown(day, opens, closes, parts)]


def _shown(
    day: date, opens: time, closes: time, parts: Iterable[tuple[Span, timedelta]]
) -> list[Span]:
    spans: list[Span] = []
    for (begins, ends), offset in parts:
        start = max(datetime.combine(day, opens, UTC) - offset, begins)
        end = min(datetime.combine(day, closes, UTC) - offset, ends)
        if start < end:
            joined = spans.pop()[0] if spans and spans[-1][1] == start else start
            spans.append((joined, end))
    return spans


def _parts(day: date, zone: str) -> list[tuple[Span, timedelta]]:
    """The day, or its parts before and after the clocks are changed, each with its offset."""
    place = ZoneInfo(zone)
    first, last = day_bounds(day, zone)

    def offset(second: int) -> timedelta:
        return (first + timedelta(seconds=second)).astimezone(place).utcoffset() or timedelta()

    length = int((last - first).total_seconds())
    if length == 0 or offset(0) == offset(length - 1):
        return [((first, last), offset(0))]
    changed = bisect(range(length), False, key=lambda second: offset(second) != offset(0))
    change = first + timedelta(seconds=changed)
    return [((first, change), offset(0)), ((change, last), offset(length - 1))]


def intersect(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The time that lies in both."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return sorted((start, end) for start, end in both if start < end)


def subtract(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The time of the first that lies in none of the others."""
    left = list(some)
    for start, end in others:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, start)), (max(a, end), b))
            if piece[0] < piece[1]
        ]
    return sorted(left)


def open_spans(
    day: date, zone: str, branch: Hours, holidays: Iterable[tuple[date, date]] = ()
) -> list[Span]:
    """When a branch is open on a day; holidays are ranges of days, both ends included."""
    if any(first <= day <= last for first, last in holidays):
        return []
    return spans_on(day, zone, branch.stretches(day))


def working_spans(
    day: date, zone: str, is_open: Sequence[Span], person: Hours | None, absences: Absences
) -> list[Span]:
    """When a practitioner can be booked while the branch is open.

    Without hours of their own (None) they work while it is open.
    """
    works = (
        list(is_open)
        if person is None
        else intersect(is_open, spans_on(day, zone, person.stretches(day)))
    )
    breaks = [(each.opens, each.closes) for each in absences.breaks if each.holds_on(day)]
    return subtract(subtract(works, absences.leave), spans_on(day, zone, breaks))
