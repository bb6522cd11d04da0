"""The permission table of DOMAIN.md §6, and that hearing of a record means being allowed to see it."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.pool import StaticPool

from shinesmile.core.errors import Forbidden, NotFound
from shinesmile.core.permissions import (
    Action,
    Reach,
    allows,
    audience,
    hearing,
    narrow,
    reach,
    require,
    require_branch,
    shared,
)
from shinesmile.core.scope import BRANCH_ROLES, Role, Scope

COLUMNS = ("customer", "receptionist", "checker_doctor", "dentist", "staff", "manager", "admin")

# As DOMAIN.md §6 writes it; optometrists have the dentists' column.
TABLE = {
    Action.BOOK: "own  br  -   asg  -    br   all",
    Action.DECIDE: "-    br  -   asg  -    br   all",
    Action.ATTEND: "-    br  br  asg  -    br   all",
    Action.ASSIGN: "-    br  -   -    -    br   all",
    Action.DELETE: "-    -   -   -    -    br   all",
    Action.MANAGE_USERS: "-    -   -   -    -    br   all",
    Action.SEE_NUMBERS: "-    -   -   -    -    br   all",
    Action.MANAGE_BRANCHES: "-    -   -   -    -    br   all",
    Action.MANAGE_SERVICES: "-    -   -   -    -    -    all",
    Action.SEE_OUTBOX: "-    -   -   -    -    -    all",
    Action.SEE_APPOINTMENTS: "own  br  br  asg  asg  br   all",
}
WORDS = {
    "-": Reach.NONE,
    "own": Reach.OWN,
    "asg": Reach.ASSIGNED,
    "br": Reach.BRANCH,
    "all": Reach.ALL,
}


def test_table_names_every_action() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_permissions_are_those_of_the_table(action: Action) -> None:
    expected = dict(zip(COLUMNS, (WORDS[word] for word in TABLE[action].split()), strict=True))
    expected["optometrist"] = expected["dentist"]
    assert {role: reach(Scope(1, role), action) for role in Role} == expected


@dataclass(frozen=True)
class Record:
    """What of a record matters to permissions."""

    owner: int
    assignees: tuple[int | None, int | None]
    branch: int


def people(role: Role) -> st.SearchStrategy[Scope]:
    works_at = st.frozensets(st.integers(1, 3)) if role in BRANCH_ROLES else st.just(frozenset())
    return st.builds(Scope, st.integers(1, 4), st.just(role), works_at)


scopes = st.sampled_from(Role).flatmap(people)
records = st.builds(
    Record,
    st.integers(1, 4),
    st.tuples(st.integers(1, 4), st.none() | st.integers(1, 4)),
    st.integers(1, 3),
)


def allowed(scope: Scope, action: Action, record: Record) -> bool:
    return allows(
        scope,
        action,
        owner_id=record.owner,
        assignee_ids=record.assignees,
        branch_id=record.branch,
    )


@given(scopes, st.sampled_from(Action), records)
def test_scope_hears_of_exactly_the_records_it_may_act_on(
    scope: Scope, action: Action, record: Record
) -> None:
    topics = audience(
        action, owner_id=record.owner, assignee_ids=record.assignees, branch_id=record.branch
    )
    assert bool(hearing(scope, action) & topics) == allowed(scope, action, record)


@given(scopes, st.sampled_from(Action))
def test_what_a_scope_hears_is_on_its_channels(scope: Scope, action: Action) -> None:
    assert hearing(scope, action) <= scope.channels


@given(scopes, st.sampled_from(Action), st.lists(records, max_size=4))
def test_query_finds_exactly_the_records_that_are_allowed(
    scope: Scope, action: Action, kept: list[Record]
) -> None:
    names = ("id", "owner", "practitioner", "assigned", "branch")
    table = Table("record", MetaData(), *(Column(name, Integer) for name in names))
    engine = create_engine("sqlite://", poolclass=StaticPool)
    within = narrow(
        scope,
        action,
        owner=table.c.owner,
        assignees=(table.c.practitioner, table.c.assigned),
        branch=table.c.branch,
    )
    with engine.begin() as connection:
        table.create(connection)
        for number, each in enumerate(kept):
            row = (number, each.owner, *each.assignees, each.branch)
            connection.execute(insert(table).values(dict(zip(names, row, strict=True))))
        found = set(connection.scalars(select(table.c.id).where(within)))
    engine.dispose()
    assert found == {n for n, each in enumerate(kept) if allowed(scope, action, each)}


@given(scopes, scopes, st.sampled_from(Action), records)
def test_those_who_share_a_view_may_see_the_same(
    one: Scope, other: Scope, action: Action, record: Record
) -> None:
    if shared(one, action) == shared(other, action):
        assert allowed(one, action, record) == allowed(other, action, record)
    assert allowed(shared(one, action), action, record) == allowed(one, action, record)
    assert hearing(shared(one, action), action) == hearing(one, action)


@pytest.mark.parametrize("role", Role)
def test_asking_raises_exactly_without_permission(role: Role) -> None:
    scope = Scope(1, role, frozenset({1}))
    for action in Action:
        if reach(scope, action) is Reach.NONE:
            with pytest.raises(Forbidden, match=str(action)):
                require(scope, action)
        else:
            assert require(scope, action) is reach(scope, action)


def test_branch_out_of_reach_looks_like_one_that_is_not_there() -> None:
    manager = Scope(1, Role.MANAGER, frozenset({1}))
    require_branch(manager, Action.MANAGE_BRANCHES, 1)
    for elsewhere in (2, 99, None):
        with pytest.raises(NotFound):
            require_branch(manager, Action.MANAGE_BRANCHES, elsewhere)
    with pytest.raises(Forbidden):
        require_branch(Scope(1, Role.DENTIST, frozenset({1})), Action.MANAGE_BRANCHES, 1)
    require_branch(Scope(1, Role.ADMIN), Action.MANAGE_BRANCHES, 99)
