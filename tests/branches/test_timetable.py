"""When somebody works: weekly hours, exceptions, holidays, breaks and leave."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shinesmile.branches.timetable import (
    Absences,
    Hours,
    Span,
    Stretch,
    Week,
    Weekly,
    intersect,
    open_spans,
    spans_on,
    subtract,
    working_spans,
)

MONDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 30)
START = datetime(2026, 11, 23, tzinfo=UTC)
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(17))

minutes = st.integers(0, 60)
spans = st.lists(
    st.tuples(minutes, minutes)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: (START + timedelta(minutes=pair[0]), START + timedelta(minutes=pair[1]))),
    max_size=5,
)


def covered(some: list[Span]) -> set[int]:
    """The minutes that lie in some of these spans."""
    return {
        minute
        for minute in range(60)
        for start, end in some
        if start <= START + timedelta(minutes=minute) < end
    }


@given(spans, spans)
def test_spans_are_cut_minute_by_minute(some: list[Span], others: list[Span]) -> None:
    assert covered(intersect(some, others)) == covered(some) & covered(others)
    assert covered(subtract(some, others)) == covered(some) - covered(others)


def on(day: date, *stretches: Stretch) -> list[Span]:
    """Spans of a day in a place that keeps UTC."""
    return spans_on(day, "UTC", stretches)


def monday(opens: time, closes: time, **more: object) -> Weekly:
    return Weekly(0, opens, closes, **more)  # type: ignore[arg-type]


def test_weekly_hours_hold_on_their_weekday_in_their_time_and_weeks() -> None:
    rule = monday(*MORNING, valid_from=MONDAY, valid_to=NEXT_MONDAY)
    assert [rule.holds_on(MONDAY + timedelta(days=each)) for each in (-7, 0, 1, 7, 14)] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert MONDAY.isocalendar().week == 48
    assert [monday(*MORNING, week=Week.A).holds_on(day) for day in (MONDAY, NEXT_MONDAY)] == [
        False,
        True,
    ]
    assert [monday(*MORNING, week=Week.B).holds_on(day) for day in (MONDAY, NEXT_MONDAY)] == [
        True,
        False,
    ]


def test_exception_takes_the_place_of_the_weekly_hours() -> None:
    weekly = [monday(*AFTERNOON), monday(*MORNING)]
    assert Hours(weekly).stretches(MONDAY) == [MORNING, AFTERNOON]
    assert Hours(weekly, {MONDAY: [(time(10), time(11))]}).stretches(MONDAY) == [
        (time(10), time(11))
    ]
    assert Hours(weekly, {MONDAY: []}).stretches(MONDAY) == []
    assert Hours(weekly, {MONDAY: []}).stretches(NEXT_MONDAY) == [MORNING, AFTERNOON]


def test_holidays_close_the_branch_on_both_ends() -> None:
    week = Hours([Weekly(day, *MORNING) for day in range(7)])
    holidays = [(MONDAY, MONDAY + timedelta(days=2))]
    is_open = [
        bool(open_spans(MONDAY + timedelta(days=each), "UTC", week, holidays))
        for each in range(-1, 4)
    ]
    assert is_open == [True, False, False, False, True]


def test_practitioner_works_while_the_branch_is_open_and_they_are_not_away() -> None:
    is_open = on(MONDAY, (time(9), time(18)))
    everybody = working_spans(MONDAY, "UTC", is_open, None, Absences())
    assert everybody == is_open
    early = Hours([monday(time(7), time(15))])
    lunch = monday(time(12), time(13))
    away = [(START + timedelta(hours=14), START + timedelta(days=3))]
    assert working_spans(MONDAY, "UTC", is_open, early, Absences([lunch], away)) == on(
        MONDAY, (time(9), time(12)), (time(13), time(14))
    )
    assert working_spans(MONDAY, "UTC", is_open, Hours(), Absences()) == []
