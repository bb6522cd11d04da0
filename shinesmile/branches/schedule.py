"""Hours, breaks, exceptions, holidays and leave, read for one branch and day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.branches.models import DayException, Holiday, Leave, OpeningHours, WorkingHours
from shinesmile.branches.timetable import Absences, Hours, Span, Stretch, Week, Weekly


@dataclass(frozen=True, slots=True)
class DayRules:
    """What holds at a branch on one day: its own hours, and each practitioner's.

    `people` has those with hours of their own; `absences` has everybody asked about.
    """

    branch: Hours
    holidays: Sequence[tuple[date, date]]
    people: Mapping[int, Hours]
    absences: Mapping[int, Absences]


async def read(
    session: AsyncSession, branch_id: int, practitioner_ids: Sequence[int], day: date, bounds: Span
) -> DayRules:
    """Read the rules of a day; `bounds` are the moments at which it begins and ends."""
    opening = await session.exec(select(OpeningHours).where(OpeningHours.branch_id == branch_id))
    working = await session.exec(
        select(WorkingHours).where(
            WorkingHours.branch_id == branch_id,
            col(WorkingHours.practitioner_id).in_(practitioner_ids),
        )
    )
    weekly, breaks = _weekly(working.all())
    exceptions = await _exceptions(session, branch_id, day)
    leave = await _leave(session, practitioner_ids, bounds)
    holidays = select(Holiday).where(
        Holiday.branch_id == branch_id, Holiday.first_day <= day, Holiday.last_day >= day
    )
    own = {each for each in practitioner_ids if each in weekly or each in exceptions}
    return DayRules(
        branch=Hours(
            [Weekly(each.weekday, each.opens, each.closes) for each in opening.all()],
            _on(day, exceptions, None),
        ),
        holidays=[(each.first_day, each.last_day) for each in await session.exec(holidays)],
        people={each: Hours(weekly[each], _on(day, exceptions, each)) for each in own},
        absences={each: Absences(breaks[each], leave[each]) for each in practitioner_ids},
    )


def _weekly(
    rows: Iterable[WorkingHours],
) -> tuple[defaultdict[int, list[Weekly]], defaultdict[int, list[Weekly]]]:
    """Each practitioner's hours, and their breaks."""
    weekly: defaultdict[int, list[Weekly]] = defaultdict(list)
    breaks: defaultdict[int, list[Weekly]] = defaultdict(list)
    for row in rows:
        rule = Weekly(
            row.weekday, row.opens, row.closes, row.valid_from, row.valid_to, Week(row.week)
        )
        (breaks if row.is_break else weekly)[row.practitioner_id].append(rule)
    return weekly, breaks


async def _exceptions(
    session: AsyncSession, branch_id: int, day: date
) -> Mapping[int | None, list[Stretch]]:
    """The stretches that replace a day's hours: the branch's under None, else a practitioner's."""
    query = select(DayException).where(DayException.branch_id == branch_id, DayException.day == day)
    replaced: dict[int | None, list[Stretch]] = {}
    for row in await session.exec(query):
        stretches = replaced.setdefault(row.practitioner_id, [])
        if row.opens and row.closes:
            stretches.append((row.opens, row.closes))
    return replaced


def _on(
    day: date, exceptions: Mapping[int | None, list[Stretch]], whose: int | None
) -> Mapping[date, list[Stretch]]:
    return {day: exceptions[whose]} if whose in exceptions else {}


async def _leave(
    session: AsyncSession, practitioner_ids: Sequence[int], bounds: tuple[datetime, datetime]
) -> defaultdict[int, list[Span]]:
    query = select(Leave).where(
        col(Leave.practitioner_id).in_(practitioner_ids),
        Leave.starts_at < bounds[1],
        Leave.ends_at > bounds[0],
    )
    away: defaultdict[int, list[Span]] = defaultdict(list)
    for row in await session.exec(query):
        away[row.practitioner_id].append((row.starts_at, row.ends_at))
    return away
