"""Which starts can be booked: pure rules over plain values (DOMAIN.md §3, 7 to 11)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count

from shinesmile.branches.timetable import Span

CELL_SECONDS = 300
OVERBOOKED_LANE = 100
MAX_ACTIVE = 3

Taken = Mapping[str, Collection[int]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a service asks of a slot. Lengths in minutes; 0 in `max_per_day` means no limit."""

    duration: int
    before: int = 0
    after: int = 5
    interval: int = 15
    lead: int = 120
    horizon_days: int = 90
    max_per_day: int = 0
    seats: int = 1
    is_staff_only: bool = False


def cells(starts_at: datetime, rule: Rule) -> range:
    """The five-minute cells (since 1970, UTC) that a booking occupies, buffers included."""
    first = int(starts_at.timestamp()) - rule.before * 60
    length = (rule.before + rule.duration + rule.after) * 60
    return range(first // CELL_SECONDS, -(-(first + length) // CELL_SECONDS))


def practitioner_resource(user_id: int) -> str:
    """The name under which a practitioner's time is claimed."""
    return f"practitioner:{user_id}"


def room_resource(room_id: int) -> str:
    """The name under which a room's time is claimed."""
    return f"room:{room_id}"


def starts(spans: Sequence[Span], anchor: datetime, rule: Rule) -> list[datetime]:
    """Every start at which the service fits into a span, at whole intervals from `anchor`.

    Stepping in elapsed time skips wall-clock times that do not exist, and gives those of a
    repeated hour twice.
    """
    step, length = timedelta(minutes=rule.interval), timedelta(minutes=rule.duration)
    found = []
    for begins, ends in spans:
        start = begins + (anchor - begins) % step
        while start + length <= ends:
            found.append(start)
            start += step
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Whose time, which room and which lane a booking takes."""

    practitioner_id: int
    room_id: int
    lane: int = 0

    @property
    def resources(self) -> tuple[str, str]:
        """The names of both resources, in the one order in which everybody claims them."""
        return practitioner_resource(self.practitioner_id), room_resource(self.room_id)


@dataclass(frozen=True, slots=True)
class Group:
    """A start of this service that others have booked already: who, where, which seats."""

    start: datetime
    practitioner_id: int
    room_id: int
    seats: frozenset[int]


@dataclass(frozen=True, slots=True)
class Person:
    """A practitioner on one day: when they work, and how many bookings they have already."""

    id: int
    spans: Sequence[Span]
    booked: int = 0


@dataclass(frozen=True)
class Day:
    """Everything that decides what is free for a service on one day at a branch.

    `firm` is the time taken by appointments; `held` by holds that are alive.
    """

    day: date
    zone: str
    rule: Rule
    anchor: datetime | None
    people: Sequence[Person]
    rooms: Sequence[int]
    firm: Taken = field(default_factory=dict)
    held: Taken = field(default_factory=dict)
    groups: Sequence[Group] = ()

    @cached_property
    def _offered(self) -> Mapping[int, frozenset[datetime]]:
        if self.anchor is None:
            return {person.id: frozenset() for person in self.people}
        return {
            person.id: frozenset(starts(person.spans, self.anchor, self.rule))
            for person in self.people
        }

    def starts(self, practitioner_id: int | None = None) -> list[datetime]:
        """Every start at which somebody works, taken or not."""
        people = self._people(practitioner_id)
        return sorted({start for person in people for start in self._offered[person.id]})

    def pick(
        self, start: datetime, practitioner_id: int | None = None, *, ignore_holds: bool = False
    ) -> Place | None:
        """A place for this start, or None.

        Any practitioner means the one with the least to do that day, then the one who has
        been idle longest, then by number.
        """
        if joined := self._seat(start, practitioner_id):
            return joined
        wanted = cells(start, self.rule)
        taken = (self.firm,) if ignore_holds else (self.firm, self.held)
        room = next((r for r in self.rooms if _is_free(room_resource(r), wanted, taken)), None)
        if room is None:
            return None
        able = [
            person
            for person in self._people(practitioner_id)
            if start in self._offered[person.id]
            and not (self.rule.max_per_day and person.booked >= self.rule.max_per_day)
            and _is_free(practitioner_resource(person.id), wanted, taken)
        ]
        if not able:
            return None
        return Place(min(able, key=lambda person: self._burden(person, wanted.start)).id, room)

    def free(self, practitioner_id: int | None, earliest: datetime) -> list[datetime]:
        """The starts from `earliest` on that can be booked."""
        ahead = (start for start in self.starts(practitioner_id) if start >= earliest)
        return [start for start in ahead if self.pick(start, practitioner_id)]

    def overbook(
        self, start: datetime, practitioner_id: int | None, lanes: Mapping[str, Collection[int]]
    ) -> Place | None:
        """A place beside what is booked already; `lanes` are those in use then, by resource."""
        people = list(self._people(practitioner_id))
        if not people or not self.rooms:
            return None
        place = Place(people[0].id, self.rooms[0])
        used = {lane for resource in place.resources for lane in lanes.get(resource, ())}
        lane = next(each for each in count(OVERBOOKED_LANE) if each not in used)
        return replace(place, lane=lane)

    def _seat(self, start: datetime, practitioner_id: int | None) -> Place | None:
        for group in self.groups:
            if group.start == start and practitioner_id in (None, group.practitioner_id):
                for seat in range(self.rule.seats):
                    if seat not in group.seats:
                        return Place(group.practitioner_id, group.room_id, seat)
        return None

    def _people(self, practitioner_id: int | None) -> Iterable[Person]:
        return (each for each in self.people if practitioner_id in (None, each.id))

    def _burden(self, person: Person, cell: int) -> tuple[int, int, int]:
        busy = self.firm.get(practitioner_resource(person.id), ())
        last_busy = max((each for each in busy if each < cell), default=0)
        return len(busy), last_busy, person.id


def _is_free(resource: str, wanted: range, taken: Iterable[Taken]) -> bool:
    return not any(cell in each.get(resource, ()) for each in taken for cell in wanted)


def nearest(wanted: datetime, candidates: Iterable[datetime], limit: int = 3) -> list[datetime]:
    """The candidates closest to the wanted time, in their own order."""
    closest = sorted(candidates, key=lambda start: abs(start - wanted))[:limit]
    return sorted(closest)
