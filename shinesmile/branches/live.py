"""The live views of branches and services, for those who manage them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.branches import service
from shinesmile.branches.models import Branch, OpeningHours, Service
from shinesmile.core.scope import Scope
from shinesmile.realtime.views import LiveView

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch as cards and tables show it."""

    id: int
    name: str
    address: str
    phone: str
    timezone: str
    hours: str = ""
    is_active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service as cards and tables show it; `price` in whole units."""

    id: int
    name: str
    kind: str
    description: str
    minutes: int
    price: str
    needs_approval: bool = False
    is_active: bool = True
    version: int = 1
    branch_ids: list[str] = field(default_factory=list)
    icon: str = ""


def branch_row(branch: Branch, hours: str = "") -> BranchRow:
    """The row of a branch."""
    return BranchRow(
        branch.id or 0,
        branch.name,
        branch.address,
        branch.phone,
        branch.timezone,
        hours,
        branch.is_active,
        branch.version,
    )


def service_row(row: Service, branch_ids: list[int]) -> ServiceRow:
    """The row of a service."""
    return ServiceRow(
        id=row.id or 0,
        name=row.name,
        kind=row.kind.value,
        description=row.description,
        minutes=row.duration_minutes,
        price=f"{row.price_cents / 100:.2f}",
        needs_approval=row.needs_approval,
        is_active=row.is_active,
        version=row.version,
        branch_ids=[str(each) for each in branch_ids],
        icon="sparkles" if row.kind.value == "dental" else "eye",
    )


def hours_text(hours: Sequence[OpeningHours]) -> str:
    """Opening hours in words, equal days together: `Mon-Fri 09:00-18:00, Sat 10:00-14:00`."""
    spans: list[tuple[int, int, str]] = []
    for each in sorted(hours, key=lambda row: (row.weekday, row.opens)):
        said = f"{each.opens:%H:%M}-{each.closes:%H:%M}"
        if spans and spans[-1][1] == each.weekday - 1 and spans[-1][2] == said:
            spans[-1] = (spans[-1][0], each.weekday, said)
        else:
            spans.append((each.weekday, each.weekday, said))
    return ", ".join(
        f"{WEEKDAYS[first]}{'-' + WEEKDAYS[last] if last > first else ''} {said}"
        for first, last, said in spans
    )


@dataclass(frozen=True)
class ManagedBranches(LiveView):
    """The branches that an account manages."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        return frozenset({f"branch:{service.EVERYBODY}"})

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`rows`."""
        hours = await service.hours_by_branch(session)
        found = await service.all_branches(session, self.scope)
        return {"rows": [branch_row(each, hours_text(hours[each.id or 0])) for each in found]}


@dataclass(frozen=True)
class ManagedServices(LiveView):
    """Every service, with the branches that offer it."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        return frozenset({f"service:{service.EVERYBODY}"})

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`rows`."""
        offers = await service.offers(session)
        found = await service.all_services(session, self.scope)
        rows = [
            service_row(each, [branch for branch, offered in offers if offered == each.id])
            for each in found
        ]
        return {"rows": rows}
