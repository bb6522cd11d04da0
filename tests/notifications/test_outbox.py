"""The outbox: written with what gave rise to it, delivered once, retried, and stalled in the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from shinesmile.accounts import service as accounts
from shinesmile.core import database
from shinesmile.core.errors import Forbidden
from shinesmile.notifications import outbox
from shinesmile.notifications.live import Outbox
from shinesmile.notifications.models import Mail
from shinesmile.notifications.outbox import FIRST_RETRY, MAX_ATTEMPTS
from tests.clinic import Clinic, address, events
from tests.notifications.mailbox import Mailbox
from tests.watching import Now, until

Deliver = Callable[[], None]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    yield made
    made.stop()


@pytest.fixture
async def deliver(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Deliver]:
    """Starts the delivery of one more process."""
    monkeypatch.setattr(outbox, "LOOK_EVERY_SECONDS", 0.01)
    running: list[asyncio.Task[None]] = []

    def start() -> None:
        work: Coroutine[Any, Any, None] = outbox.deliver(mailbox.url)
        running.append(asyncio.create_task(work))

    yield start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def post(subject: str, recipient: str = "carla@example.com", *, fail: bool = False) -> None:
    async with database.unit_of_work() as work:
        outbox.post(work, recipient, subject, f"Dear Carla,\n{subject} – see you soon.")
        if fail:
            raise RuntimeError("The act failed.")


async def mails() -> list[Mail]:
    async with database.reading() as session:
        return list(await session.exec(select(Mail).order_by(col(Mail.id))))


async def test_mail_is_posted_with_the_change_or_not_at_all(clinic: Clinic) -> None:
    with pytest.raises(RuntimeError):
        await post("Never", fail=True)
    assert (await mails(), await events("mail.posted")) == ([], [])
    await post("Kept")
    assert [mail.subject for mail in await mails()] == ["Kept"]
    (event,) = await events("mail.posted")
    assert (event.topics, event.data) == (["role.admin"], {})


async def test_mail_is_delivered_once(
    clinic: Clinic, now: Now, mailbox: Mailbox, deliver: Deliver
) -> None:
    await accounts.request_password_reset(address("customer"))
    deliver()
    await until(lambda: bool(mailbox.kept))
    await post("The next")
    await until(lambda: len(mailbox.kept) == 2)
    first = mailbox.kept[0]
    assert (first["To"], first["From"]) == (
        "customer@example.com",
        "ShineSmile <desk@clinic.example>",
    )
    assert first["Message-ID"] == "<outbox-1@shinesmile>"
    assert "reset-password?secret=" in first.get_content()
    now.move(days=30)
    await post("The last")
    await until(lambda: len(mailbox.kept) == 3)
    assert mailbox.subjects() == ["Choose a new password", "The next", "The last"]
    assert [mail.attempts for mail in await mails()] == [1, 1, 1]


async def test_several_processes_deliver_each_mail_once(
    clinic: Clinic, now: Now, mailbox: Mailbox, deliver: Deliver
) -> None:
    for number in range(20):
        await post(f"Mail {number}")
    for _ in range(3):
        deliver()

    async def all_sent() -> bool:
        unsent = [mail for mail in await mails() if mail.sent_at is None]
        return not unsent

    await until(all_sent)
    assert sorted(mailbox.subjects()) == sorted(f"Mail {number}" for number in range(20))


async def passed_over(mailbox: Mailbox, subject: str) -> None:
    """A later mail is delivered: what was due before it has had its turn."""
    await post(subject)

    async def delivered() -> bool:
        return (await mails())[-1].sent_at is not None

    await until(delivered)
    assert subject in mailbox.subjects()


async def failures(number: int) -> None:
    """Wait until this many attempts have failed, and that was noted."""

    async def noted() -> bool:
        return len(await events("mail.failed")) == number

    await until(noted)


async def test_refused_mail_is_tried_again_later_and_later(
    clinic: Clinic, now: Now, mailbox: Mailbox, deliver: Deliver
) -> None:
    await post("Patience")
    deliver()
    for number, seconds in enumerate((30, 60, 120), start=1):
        mailbox.refusals = number
        await failures(number)
        mail = (await mails())[0]
        assert "Try again later" in mail.problem
        assert mail.due_at - now.moment == timedelta(seconds=seconds)
        now.move(seconds=seconds - 1)
        await passed_over(mailbox, f"Before attempt {number + 1}")
        assert (await mails())[0].attempts == number
        mailbox.refusals = number + 1 if number < 3 else number
        now.move(seconds=1)
    await until(lambda: mailbox.subjects()[-1] == "Patience")
    await passed_over(mailbox, "The next")
    mail = (await mails())[0]
    assert (mail.sent_at, mail.problem) == (now.moment, "")
    assert len(await events("mail.failed")) == 3


async def test_mail_that_is_never_accepted_stalls(
    clinic: Clinic, now: Now, mailbox: Mailbox, deliver: Deliver
) -> None:
    mailbox.refusals = MAX_ATTEMPTS
    await post("Undeliverable")
    deliver()
    for number in range(1, MAX_ATTEMPTS + 1):
        await failures(number)
        now.move(seconds=(FIRST_RETRY * 2**number).total_seconds())
    now.move(days=365)
    await passed_over(mailbox, "A year later")
    mail = (await mails())[0]
    assert (mail.attempts, mail.sent_at) == (MAX_ATTEMPTS, None)
    async with database.reading() as session:
        rows = (await Outbox(clinic.admin).query(session))["rows"]
    assert [(row.subject, row.state) for row in rows] == [
        ("A year later", "sent"),
        ("Undeliverable", "failing"),
    ]


async def test_server_that_is_down_is_tried_again(
    clinic: Clinic, now: Now, mailbox: Mailbox, deliver: Deliver
) -> None:
    mailbox.stop()
    await post("Into the void")
    deliver()
    await failures(1)
    assert "refused" in (await mails())[0].problem


async def test_mail_that_cannot_be_written_does_not_stop_the_others(
    clinic: Clinic, now: Now, mailbox: Mailbox, deliver: Deliver
) -> None:
    await post("Poison", "carla@example.com\nBcc: everybody@example.com")
    deliver()
    await failures(1)
    await passed_over(mailbox, "Wholesome")
    assert mailbox.subjects() == ["Wholesome"]


async def test_delivery_goes_on_after_the_database_was_away(
    clinic: Clinic,
    now: Now,
    mailbox: Mailbox,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, failures = outbox._take_due, iter([OSError("The database is away.")] * 3)

    async def take_due() -> Mail | None:
        if failure := next(failures, None):
            raise failure
        return await read()

    monkeypatch.setattr(outbox, "_take_due", take_due)
    deliver()
    await passed_over(mailbox, "Back again")
    assert next(failures, None) is None


async def test_outbox_is_for_admins(clinic: Clinic) -> None:
    async with database.reading() as session:
        assert await outbox.newest(session, clinic.admin) == []
        for name in ("manager", "receptionist", "customer"):
            with pytest.raises(Forbidden):
                await outbox.newest(session, clinic.scopes[name])
