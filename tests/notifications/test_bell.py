"""The bell: counted from rows, read by each person for themselves."""

import asyncio

import pytest

from shinesmile.accounts import administration
from shinesmile.core import database
from shinesmile.core.errors import NotFound
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications import service
from shinesmile.notifications.live import Bell, toast_of
from shinesmile.notifications.models import Receipt
from shinesmile.notifications.service import Message
from shinesmile.realtime.views import Toast
from tests.clinic import Clinic, events, open_account, told, user
from tests.watching import Now, statements


async def tell(channel: str, *titles: str) -> None:
    """Tell a channel, in one transaction for each title."""
    for title in titles:
        async with database.unit_of_work() as work:
            await service.notify(work, [channel], Message("visit.created", "info", title))


async def bell(scope: Scope) -> tuple[list[str], list[str], int]:
    """The titles in a bell, those of them that are unread, and the number on it."""
    async with database.reading() as session:
        shown, unread, count = await service.bell(session, scope)
    titles = [each.title for each in shown]
    return titles, [each.title for each in shown if each.id in unread], count


def mine(scope: Scope) -> str:
    return f"user.{scope.user_id}"


async def test_number_is_counted_from_the_rows(clinic: Clinic) -> None:
    assert await bell(clinic.customer) == ([], [], 0)
    await tell(mine(clinic.customer), "First", "Second")
    await tell(mine(clinic.other_customer), "Not hers")
    assert await bell(clinic.customer) == (["Second", "First"], ["Second", "First"], 2)


async def test_channel_is_heard_by_its_people_with_one_row(clinic: Clinic) -> None:
    second = await open_account("second", Role.RECEPTIONIST, {clinic.downtown})
    await tell(f"role.receptionist.branch.{clinic.downtown}", "Full house")
    assert len(await told()) == 1
    for scope in (clinic.receptionist, second):
        assert await bell(scope) == (["Full house"], ["Full house"], 1)
    for name in ("other_receptionist", "manager", "admin", "customer", "checker"):
        assert await bell(clinic.scopes[name]) == ([], [], 0)


async def test_reading_one_is_for_the_reader_alone(clinic: Clinic) -> None:
    second = await open_account("second", Role.RECEPTIONIST, {clinic.downtown})
    await tell(f"role.receptionist.branch.{clinic.downtown}", "First", "Second")
    (first, _) = await told()
    await service.mark_read(clinic.receptionist, first.id or 0)
    await service.mark_read(clinic.receptionist, first.id or 0)
    assert await bell(clinic.receptionist) == (["Second", "First"], ["Second"], 1)
    assert await bell(second) == (["Second", "First"], ["Second", "First"], 2)
    assert {each.topics[0] for each in await events("notification.read")} == {
        mine(clinic.receptionist)
    }


async def test_reading_one_on_two_devices_at_once_is_no_crash(clinic: Clinic) -> None:
    await tell(mine(clinic.customer), "First")
    (first,) = await told()
    await asyncio.gather(*(service.mark_read(clinic.customer, first.id or 0) for _ in range(6)))
    assert (await bell(clinic.customer))[2] == 0


async def test_notification_of_another_cannot_be_read(clinic: Clinic) -> None:
    await tell(mine(clinic.customer), "Hers")
    (hers,) = await told()
    for scope in (clinic.other_customer, clinic.admin, clinic.manager):
        with pytest.raises(NotFound):
            await service.mark_read(scope, hers.id or 0)
    with pytest.raises(NotFound):
        await service.mark_read(clinic.customer, 999)
    async with database.reading() as session:
        assert await session.get(Receipt, (clinic.admin.user_id, hers.id)) is None
    assert (await bell(clinic.customer))[2] == 1


async def test_reading_all_keeps_the_list_and_what_comes_later(clinic: Clinic) -> None:
    await tell(mine(clinic.customer), "First", "Second")
    await tell(mine(clinic.other_customer), "His")
    await service.mark_all_read(clinic.customer)
    assert await bell(clinic.customer) == (["Second", "First"], [], 0)
    await tell(mine(clinic.customer), "Third")
    assert await bell(clinic.customer) == (["Third", "Second", "First"], ["Third"], 1)
    assert (await bell(clinic.other_customer))[2] == 1


async def test_clearing_all_empties_the_bell_until_something_comes(clinic: Clinic) -> None:
    await tell(mine(clinic.customer), "First", "Second")
    await service.clear_all(clinic.customer)
    assert await bell(clinic.customer) == ([], [], 0)
    await tell(mine(clinic.customer), "Third")
    assert await bell(clinic.customer) == (["Third"], ["Third"], 1)
    await service.mark_all_read(clinic.customer)
    assert await bell(clinic.customer) == (["Third"], [], 0)


async def test_number_stops_at_a_hundred_and_the_list_at_twenty(clinic: Clinic) -> None:
    async with database.unit_of_work() as work:
        for number in range(130):
            message = Message("visit.created", "info", f"Number {number}")
            await service.notify(work, [mine(clinic.customer)], message)
    titles, unread, count = await bell(clinic.customer)
    assert (len(titles), len(unread), count) == (20, 20, 100)
    assert titles[0] == "Number 129"


async def test_new_account_starts_with_an_empty_bell(clinic: Clinic) -> None:
    channel = f"role.receptionist.branch.{clinic.downtown}"
    await tell(channel, "Before her time")
    second = await open_account("second", Role.RECEPTIONIST, {clinic.downtown})
    assert await bell(second) == ([], [], 0)
    await tell(channel, "Her first")
    assert await bell(second) == (["Her first"], ["Her first"], 1)


async def test_new_role_does_not_open_what_its_channel_heard_before(clinic: Clinic) -> None:
    await tell("role.admin", "For admins only")
    account = await user(clinic.staff)
    given = {"name": account.name, "role": "admin"}
    await administration.update_user(clinic.admin, account.id or 0, account.version, given)
    assert await bell(Scope(clinic.staff.user_id, Role.ADMIN)) == ([], [], 0)


async def test_rolled_back_change_tells_nobody(clinic: Clinic) -> None:
    async def fail() -> None:
        async with database.unit_of_work() as work:
            await service.notify(work, [mine(clinic.customer)], Message("a", "info", "Never"))
            raise RuntimeError("The act failed.")

    with pytest.raises(RuntimeError):
        await fail()
    assert await bell(clinic.customer) == ([], [], 0)
    assert await events("notification.created") == []


async def test_event_becomes_the_toast(clinic: Clinic) -> None:
    async with database.unit_of_work() as work:
        message = Message("visit.created", "warning", "Title", "Body", "?code=BCDF")
        await service.notify(work, [mine(clinic.customer)], message)
    (event,) = await events("notification.created")
    assert toast_of(event) == Toast("warning", "Title", "Body")
    assert event.topics == [mine(clinic.customer)]


async def test_bell_says_when_and_leads_home(clinic: Clinic, now: Now) -> None:
    async with database.unit_of_work() as work:
        message = Message("visit.created", "info", "Title", link="?code=BCDF")
        await service.notify(work, [mine(clinic.customer), "role.admin"], message)
    now.move(minutes=5)
    for scope, link in (
        (clinic.customer, "/dashboard?code=BCDF"),
        (clinic.admin, "/admin?code=BCDF"),
    ):
        async with database.reading() as session:
            shown = await Bell(scope).query(session)
        (item,) = shown["items"]
        assert (item.when, item.link, item.unread, shown["unread"]) == ("5 min", link, True, 1)


async def test_bell_costs_the_same_however_much_is_in_it(clinic: Clinic) -> None:
    await tell(mine(clinic.customer), "First")
    with statements() as for_one:
        await bell(clinic.customer)
    await tell(mine(clinic.customer), *(f"Number {number}" for number in range(25)))
    with statements() as for_many:
        await bell(clinic.customer)
    assert len(for_one) == len(for_many)
