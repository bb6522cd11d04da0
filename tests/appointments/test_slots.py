"""Starts on days of 23, 24 and 25 hours: inside the hours on the wall, a quarter apart."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shinesmile.appointments.slots import Rule, cells, nearest, starts
from shinesmile.branches.timetable import Hours, Weekly, open_spans
from shinesmile.core.when import slot_text

ZONES = (
    "Europe/London",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Apia",
)
QUARTER = timedelta(minutes=15)

# The days on which a zone's clocks are changed, and the day that Apia left out.
CHANGES = [
    (zone, day)
    for zone in ZONES
    for day in (date(2024, 1, 1) + timedelta(days=number) for number in range(4 * 365))
    if datetime.combine(day, time(), ZoneInfo(zone)).utcoffset()
    != datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).utcoffset()
]
SKIPPED = ("Pacific/Apia", date(2011, 12, 30))

quarters = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
places = st.sampled_from([*CHANGES, SKIPPED]) | st.tuples(
    st.sampled_from(ZONES), st.dates(date(2010, 1, 1), date(2040, 1, 1))
)
lengths = st.sampled_from((5, 15, 20, 30, 45, 60, 90))


def starts_on(day: date, zone: str, opens: time, closes: time, minutes: int) -> list[datetime]:
    """The starts of a branch that is open once on this day."""
    hours = Hours([Weekly(day.weekday(), opens, closes)])
    spans = open_spans(day, zone, hours)
    return starts(spans, spans[0][0], Rule(minutes)) if spans else []


def on_the_wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def exists(wall: datetime, zone: str) -> bool:
    """Whether the clock on the wall ever showed this time."""
    there_and_back = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return on_the_wall(there_and_back, zone) == wall


def is_ordinary(day: date, zone: str) -> bool:
    begins, ends = (
        datetime.combine(each, time(), ZoneInfo(zone)) for each in (day, day + timedelta(days=1))
    )
    return begins.utcoffset() == ends.utcoffset()


def test_clocks_change_in_these_zones() -> None:
    changing = {zone for zone, _ in CHANGES}
    assert changing == {"Europe/London", "Australia/Lord_Howe", "America/New_York"}


@given(places, quarters, quarters, lengths)
@example(("Europe/London", date(2026, 3, 29)), time(0), time(1, 30), 15)
@example(("Europe/London", date(2026, 10, 25)), time(1, 30), time(3), 15)
@example(("Australia/Lord_Howe", date(2026, 10, 4)), time(1), time(2, 15), 15)
@example(("America/New_York", date(2026, 11, 1)), time(0), time(1, 30), 15)
@example(SKIPPED, time(9), time(18), 30)
def test_starts_are_inside_the_hours_on_the_wall(
    place: tuple[str, date], opens: time, closes: time, minutes: int
) -> None:
    zone, day = place
    found = starts_on(day, zone, opens, closes, minutes)
    assert found == sorted(set(found))
    for start in found:
        wall = on_the_wall(start, zone)
        last = on_the_wall(start + timedelta(minutes=minutes, seconds=-1), zone)
        assert wall.date() == day
        assert exists(wall, zone)
        assert opens <= wall.time()
        assert datetime.combine(day, opens) <= last < datetime.combine(day, closes)
    for earlier, later in pairwise(found):
        assert (later - earlier) % QUARTER == timedelta(0)


@given(places, quarters, quarters, lengths)
def test_ordinary_days_offer_every_quarter(
    place: tuple[str, date], opens: time, closes: time, minutes: int
) -> None:
    zone, day = place
    found = [on_the_wall(each, zone) for each in starts_on(day, zone, opens, closes, minutes)]
    if is_ordinary(day, zone):
        last = datetime.combine(day, closes) - timedelta(minutes=minutes)
        quarter, expected = datetime.combine(day, opens), []
        while quarter <= last:
            expected.append(quarter)
            quarter += QUARTER
        assert found == expected


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_office_hours_are_whole_on_days_that_change(zone: str, day: date) -> None:
    """The clocks change at night: from nine to six there are the usual nine hours."""
    found = starts_on(day, zone, time(9), time(18), 30)
    assert [on_the_wall(each, zone).time() for each in (found[0], found[-1])] == [
        time(9),
        time(17, 30),
    ]
    assert len(found) == 35


def test_hour_that_is_left_out_is_not_offered() -> None:
    found = starts_on(date(2026, 3, 29), "Europe/London", time(0), time(4), 15)
    shown = [f"{on_the_wall(each, 'Europe/London'):%H:%M}" for each in found]
    assert shown[3:5] == ["00:45", "02:00"]
    assert len(found) == 12


def test_hour_that_comes_twice_is_offered_twice_and_told_apart() -> None:
    found = starts_on(date(2026, 10, 25), "Europe/London", time(0), time(3), 30)
    shown = [slot_text(each, "Europe/London") for each in found]
    assert shown[3:9] == [
        "00:45",
        "01:00 (+0100)",
        "01:15 (+0100)",
        "01:30 (+0100)",
        "01:45 (+0100)",
        "01:00 (+0000)",
    ]
    assert len(found) == 15


def test_half_an_hour_comes_twice_on_lord_howe() -> None:
    found = starts_on(date(2026, 4, 5), "Australia/Lord_Howe", time(1), time(3), 15)
    assert len(found) == 10


@given(st.integers(5, 120), st.integers(0, 30), st.integers(0, 30), st.integers(0, 100_000))
def test_cells_cover_the_booking_and_its_buffers(
    minutes: int, before: int, after: int, offset: int
) -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=offset)
    covered = cells(start, Rule(minutes, before=before, after=after))
    first = datetime.fromtimestamp(covered.start * 300, UTC)
    last = datetime.fromtimestamp(covered.stop * 300, UTC)
    assert first <= start - timedelta(minutes=before)
    assert last >= start + timedelta(minutes=minutes + after)
    assert (last - first) < timedelta(minutes=before + minutes + after + 10)


def test_nearest_are_the_closest_in_their_own_order() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    free = [noon + timedelta(minutes=each) for each in (-120, -30, 45, 60, 300)]
    assert nearest(noon, free) == free[1:4]
    assert nearest(noon, []) == []
