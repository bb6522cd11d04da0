"""Accounts as managers and admins see and change them."""

from collections.abc import Iterable

import pytest

from shinesmile.accounts import administration
from shinesmile.accounts.administration import CHANGED, UserPage
from shinesmile.accounts.models import User
from shinesmile.accounts.service import TAKEN
from shinesmile.core import database
from shinesmile.core.errors import Conflict, Forbidden, Invalid, NotFound
from shinesmile.core.scope import BRANCH_ROLES, Role, Scope
from tests.accounts.people import is_in, sign_in
from tests.clinic import Clinic, events, open_account, user

NO_ROLE = {"role": "Choose a role that you may give."}
BELOW = [role for role in BRANCH_ROLES if role is not Role.MANAGER]


def new(
    role: str | None, branch_ids: Iterable[int] = (), email: str = "new@example.com"
) -> dict[str, object]:
    return {
        "name": "Nora New",
        "email": email,
        "role": role,
        "branch_ids": set(branch_ids),
        "password": "password123",
    }


def unchanged(account: User, *branch_ids: int) -> dict[str, object]:
    """An account's present values, as its form sends them."""
    return {
        "name": account.name,
        "phone": account.phone,
        "role": account.role.value,
        "branch_ids": set(branch_ids),
        "is_active": account.is_active,
    }


async def update(by: Scope, account: User, given: dict[str, object]) -> None:
    """Send an account's form, as it was when it was opened."""
    await administration.update_user(by, account.id or 0, account.version, given)


async def page(scope: Scope, search: str = "", number: int = 0, size: int = 25) -> UserPage:
    async with database.reading() as session:
        return await administration.page_of_users(session, scope, search, number, size)


async def branches_of(scope: Scope) -> list[int]:
    async with database.reading() as session:
        kept = await administration.editable(session, Scope(0, Role.ADMIN), scope.user_id)
    return sorted(kept["branch_ids"])


async def test_manager_invites_below_their_own_rank(clinic: Clinic) -> None:
    topics = {"role.admin", f"role.manager.branch.{clinic.downtown}"}
    for role in BELOW:
        given = new(role, [clinic.downtown], f"{role}@example.org")
        made = Scope(await administration.create_user(clinic.manager, given), role)
        assert (await user(made)).role is role
        assert await branches_of(made) == [clinic.downtown]
        assert set((await events("user.created"))[-1].topics) == topics


async def test_manager_gives_no_other_role(clinic: Clinic) -> None:
    before = (await page(clinic.admin)).total
    account = await user(clinic.staff)
    for role in ("manager", "admin", "customer", "owner", "", None):
        with pytest.raises(Invalid) as refusal:
            await administration.create_user(clinic.manager, new(role, [clinic.downtown]))
        assert refusal.value.fields == NO_ROLE
        promoted = unchanged(account, clinic.downtown) | {"role": role}
        with pytest.raises(Invalid) as refusal:
            await update(clinic.manager, account, promoted)
        assert refusal.value.fields == NO_ROLE
    assert (await page(clinic.admin)).total == before
    assert await user(clinic.staff) == account


async def test_manager_stays_within_their_branches(clinic: Clinic) -> None:
    for branch_ids in ([clinic.lakeside], [clinic.downtown, clinic.lakeside], [99]):
        with pytest.raises(Invalid) as refusal:
            await administration.create_user(clinic.manager, new("staff", branch_ids))
        assert refusal.value.fields == {"branch_ids": "Choose among your own branches."}
    with pytest.raises(Invalid) as refusal:
        await administration.create_user(clinic.manager, new("staff"))
    assert refusal.value.fields == {"branch_ids": "Choose at least one branch for this role."}


async def test_manager_does_not_touch_people_of_other_branches(clinic: Clinic) -> None:
    for scope in (clinic.other_dentist, clinic.customer, clinic.admin):
        account = await user(scope)
        given = unchanged(account, clinic.downtown) | {"role": "staff", "name": "Taken over"}
        with pytest.raises(NotFound):
            await update(clinic.manager, account, given)
        async with database.reading() as session:
            with pytest.raises(NotFound):
                await administration.editable(session, clinic.manager, scope.user_id)
        assert await user(scope) == account
    seen = {each.id for each in (await page(clinic.manager)).users}
    assert clinic.dentist.user_id in seen
    assert not seen & {clinic.other_dentist.user_id, clinic.customer.user_id, clinic.admin.user_id}


async def test_manager_does_not_change_a_fellow_manager(clinic: Clinic) -> None:
    fellow = await open_account("fellow", Role.MANAGER, {clinic.downtown})
    account = await user(fellow)
    given = unchanged(account, clinic.downtown) | {"role": "staff"}
    with pytest.raises(Forbidden, match="below your own rank"):
        await update(clinic.manager, account, given)
    assert await user(fellow) == account


async def test_manager_leaves_the_branches_of_others_as_they_are(clinic: Clinic) -> None:
    """The form of Downtown's manager knows Downtown only; Olga works at both."""
    both = await open_account("olga", Role.OPTOMETRIST, {clinic.downtown, clinic.lakeside})
    account = await user(both)
    signed_in = await sign_in("olga")
    given = unchanged(account, clinic.downtown) | {"phone": "123"}
    await update(clinic.manager, account, given)
    assert (await user(both)).phone == "123"
    assert await branches_of(both) == [clinic.downtown, clinic.lakeside]
    assert await is_in(signed_in), "a new phone number signs nobody out"
    account = await user(both)
    for change in ({"role": "staff"}, {"is_active": False}):
        taken = unchanged(account, clinic.downtown) | change
        with pytest.raises(Forbidden, match="also works at a branch that is not yours"):
            await update(clinic.manager, account, taken)
    assert await user(both) == account


async def test_others_manage_nobody(clinic: Clinic) -> None:
    account = await user(clinic.staff)
    for name in ("customer", "receptionist", "staff", "checker", "dentist", "optometrist"):
        scope = clinic.scopes[name]
        with pytest.raises(Forbidden):
            await administration.create_user(scope, new("staff", [clinic.downtown]))
        with pytest.raises(Forbidden):
            await update(scope, account, unchanged(account, clinic.downtown))
        with pytest.raises(Forbidden):
            await page(scope)


RIGHTS_CHANGE: dict[str, dict[str, object]] = {
    "role": {"role": "receptionist"},
    "disabled": {"is_active": False},
    "branch": {"branch_ids": "lakeside"},
}


@pytest.mark.parametrize("change", RIGHTS_CHANGE)
async def test_change_of_rights_ends_the_sessions(clinic: Clinic, change: str) -> None:
    signed_in, stranger = [await sign_in("staff"), await sign_in("staff")], await sign_in("dentist")
    account = await user(clinic.staff)
    given = unchanged(account, clinic.downtown) | RIGHTS_CHANGE[change]
    if change == "branch":
        given["branch_ids"] = {clinic.lakeside}
    await update(clinic.admin, account, given)
    assert [await is_in(each) for each in signed_in] == [False, False]
    assert await is_in(stranger)
    ended = await events("session.ended")
    assert [each.topics for each in ended] == [[f"user.{clinic.staff.user_id}"]] * 2


async def test_change_of_name_ends_no_session(clinic: Clinic) -> None:
    signed_in = await sign_in("staff")
    account = await user(clinic.staff)
    given = unchanged(account, clinic.downtown) | {"name": "Samuel Whitfield"}
    await update(clinic.manager, account, given)
    assert (await user(clinic.staff)).name == "Samuel Whitfield"
    assert await is_in(signed_in)


async def test_stale_version_is_a_conflict(clinic: Clinic) -> None:
    account = await user(clinic.staff)
    given = unchanged(account, clinic.downtown)
    await update(clinic.admin, account, given | {"name": "First"})
    with pytest.raises(Conflict, match=CHANGED):
        await update(clinic.manager, account, given | {"name": "Second"})
    assert (await user(clinic.staff)).name == "First"


async def test_admin_does_not_take_their_own_rights(clinic: Clinic) -> None:
    account = await user(clinic.admin)
    for change in ({"role": "staff"}, {"is_active": False}):
        given = unchanged(account, clinic.downtown) | change
        with pytest.raises(Conflict, match="ask another admin"):
            await update(clinic.admin, account, given)
    assert await user(clinic.admin) == account


async def test_taken_address_and_unknown_branch_are_refused(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refusal:
        await administration.create_user(clinic.admin, new("customer", email="Staff@Example.com"))
    assert refusal.value.fields == {"email": TAKEN}
    with pytest.raises(NotFound, match="One of these branches does not exist"):
        await administration.create_user(clinic.admin, new("staff", [99]))


async def test_people_are_found_by_name_and_address_page_by_page(clinic: Clinic) -> None:
    everybody = await page(clinic.admin)
    assert everybody.total == len(clinic.scopes)
    assert [each.name for each in everybody.users] == sorted(each.name for each in everybody.users)
    assert [each.name for each in (await page(clinic.admin, "jens")).users] == ["Carla Jensen"]
    assert [each.name for each in (await page(clinic.admin, "OTHER.STAFF@")).users] == [
        "Suresh Pillai"
    ]
    assert (await page(clinic.admin, "%")).total == (await page(clinic.admin, "_")).total == 0
    pages = [await page(clinic.admin, number=number, size=10) for number in range(3)]
    assert [len(each.users) for each in pages] == [10, len(clinic.scopes) - 10, 0]
