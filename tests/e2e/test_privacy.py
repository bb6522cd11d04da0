"""Nobody is sent a word about other people's appointments: what arrives at sockets is read."""

import asyncio
from functools import partial

from playwright.async_api import Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import (
    book,
    choose,
    give_reason,
    is_live,
    record_frames,
    row,
    rows,
    tomorrow,
)
from tests.watching import until

NOTE = "a canary sings in this note"


def _has_arrived(frames: list[str], words: str) -> bool:
    return any(words in frame for frame in frames)


async def listening(enter: Enter, who: str) -> tuple[Page, list[str]]:
    """Somebody's page, and what its socket receives from the first frame on."""
    page = await enter(who)
    frames = record_frames(page)
    await page.reload()
    await is_live(page)
    return page, frames


async def test_no_outsider_is_sent_a_word_of_somebodys_appointment(enter: Enter) -> None:
    service = await office.open_service("Canary polish")
    await office.release("customer2")
    # Of her own, so that nobody has heard of her before.
    who = await office.open_account(name="Yvonne Quist")
    (yvonne, _), (rita, _), (ada, admins), (colin, colins), (ravi, ravis) = await asyncio.gather(
        *(
            listening(enter, each)
            for each in (who, "receptionist", "admin", "customer2", "receptionist2")
        )
    )
    await book(yvonne, service, note=NOTE)
    made = await office.newest(who)
    await tomorrow(rita)
    await row(rita, made.id).get_by_test_id("step-confirm").click()
    await expect(row(yvonne, made.id)).to_have_attribute("data-status", "confirmed")
    await row(yvonne, made.id).get_by_test_id("step-cancel").click()
    await give_reason(yvonne, "another canary sings")
    await expect(row(ada, made.id)).to_have_attribute("data-status", "cancelled")
    await ada.get_by_role("link", name="People").click()
    await ada.get_by_test_id("search").fill(f"{who}@example.com")
    await expect(ada.get_by_test_id("user-row")).to_have_count(1)

    # The outsiders' sockets are alive: both are sent Colin's booking at Lakeside.
    await tomorrow(ravi)
    before = await rows(ravi).count()
    await book(colin, "Teeth cleaning", "Lakeside", "Colin's own note")
    await expect(rows(ravi)).to_have_count(before + 1)
    for frames in (colins, ravis):
        await until(partial(_has_arrived, frames, "Colin's own note"))

    title = f"Appointment created: {service}"
    secrets = ("Yvonne Quist", f"{who}@example.com", NOTE, "another canary", made.code, title)
    for secret in secrets:
        assert any(secret in frame for frame in admins), secret
        for frames in (colins, ravis):
            assert not [frame for frame in frames if secret in frame], secret


async def test_who_looks_at_free_times_learns_only_that_they_changed(enter: Enter) -> None:
    service = await office.open_service("Sealed fissure")
    await office.release("customer")
    (carla, _), (colin, frames) = await asyncio.gather(
        *(listening(enter, who) for who in ("customer", "customer2"))
    )
    await choose(colin, service)
    first = await colin.get_by_test_id("slot").first.get_attribute("data-start") or ""
    await book(carla, service, note=NOTE)
    made = await office.newest("customer")
    await expect(colin.locator(f'[data-start="{first}"]')).to_have_count(0)
    assert any(first in frame for frame in frames)
    for secret in ("Carla Jensen", NOTE, made.code, f"created: {service}"):
        assert not [frame for frame in frames if secret in frame], secret


async def test_a_revoked_browser_that_stays_is_sent_nothing_more(enter: Enter) -> None:
    await office.release("customer")
    kept, frames = await listening(enter, "customer")
    await kept.route("**/login*", lambda route: route.fulfill(status=204))
    own = await enter("customer", "/account", apart=True)
    await own.get_by_test_id("revoke-session").first.click()
    await until(lambda: any("/login" in frame for frame in frames))
    assert kept.url.endswith("/dashboard")
    seen = len(frames)
    await book(own, note=NOTE)
    made = await office.newest("customer")
    await expect(row(own, made.id)).to_be_visible()
    ada = await enter("admin")
    await expect(row(ada, made.id)).to_be_visible()
    assert not [frame for frame in frames[seen:] if NOTE in frame or made.code in frame]
    await kept.unroute("**/login*")
