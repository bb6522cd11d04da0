"""A person's own account: registering, the profile, and choosing passwords."""

import pytest

from shinesmile.accounts import service, sessions
from shinesmile.core import clock, database, tokens
from shinesmile.core.errors import Invalid, Refusal
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications import outbox
from shinesmile.notifications.models import Mail
from tests.accounts.people import DESK, is_in, refused, sign_in
from tests.clinic import PASSWORD, Clinic, address, events, user
from tests.watching import Now

IMANI = {
    "name": "Imani Wekesa",
    "email": "Imani@Example.com",
    "phone": "+254 700 000 001",
    "password": "imani's secret",
}
EXPIRED = "This link has expired or was already used. Please ask for a new one."


async def register(**changed: object) -> Scope:
    made = await service.register(IMANI | changed)
    return Scope(made.id or 0, made.role)


async def mails(clinic: Clinic) -> list[Mail]:
    async with database.reading() as session:
        return list(await outbox.newest(session, clinic.admin))


async def link_for(clinic: Clinic, name: str = "customer") -> str:
    """The secret of the link that a person is mailed."""
    await service.request_password_reset(address(name))
    newest = (await mails(clinic))[0]
    assert newest.recipient == address(name)
    return newest.body.split("secret=", 1)[1].split()[0]


async def test_registering_opens_a_customers_account(clinic: Clinic) -> None:
    imani = await register(role="admin", is_active=False, branch_ids=[clinic.downtown])
    account = await user(imani)
    assert (account.name, account.email, account.role) == (
        "Imani Wekesa",
        "imani@example.com",
        Role.CUSTOMER,
    )
    assert account.is_active
    assert IMANI["password"] not in account.password_hash
    signed_in = await sessions.sign_in("imani@example.com", IMANI["password"], False, DESK)
    viewer = await sessions.viewer_of(signed_in.token)
    assert viewer is not None and viewer.scope == Scope(imani.user_id, Role.CUSTOMER)
    assert (await events("user.created"))[-1].topics == ["role.admin"]


async def test_address_has_one_account(clinic: Clinic) -> None:
    for typed in ("customer@example.com", " CUSTOMER@example.com"):
        before = len(await events())
        with pytest.raises(Invalid) as refusal:
            await register(email=typed)
        assert refusal.value.fields == {"email": service.TAKEN}
        assert len(await events()) == before


WRONG_FIELDS: list[tuple[dict[str, object], str, str]] = [
    ({"name": " \u200b"}, "name", "Your name is needed."),
    ({"name": "I" * 121}, "name", "Your name can have at most 120 characters; this has 121."),
    ({"email": "imani"}, "email", "Give an e-mail address such as name@example.com."),
    ({"email": None}, "email", "Give an e-mail address such as name@example.com."),
    ({"email": "i@a\nBcc: x@y.z"}, "email", "Give an e-mail address such as name@example.com."),
    ({"password": "seven77"}, "password", "Use at least 8 characters."),
    ({"password": "x" * 201}, "password", "Use at most 200 characters."),
    ({"password": None}, "password", "Use at least 8 characters."),
    (
        {"phone": "1" * 41},
        "phone",
        "The phone number can have at most 40 characters; this has 41.",
    ),
]


async def test_each_field_says_what_is_wrong(clinic: Clinic) -> None:
    for changed, field, sentence in WRONG_FIELDS:
        with pytest.raises(Invalid) as refusal:
            await register(**changed)
        assert refusal.value.fields == {field: sentence}


async def test_profile_is_changed_and_heard_by_those_who_list_it(clinic: Clinic) -> None:
    await service.update_profile(clinic.dentist, {"name": "Dr Dana K\u202eovacs", "phone": "1"})
    account = await user(clinic.dentist)
    assert (account.name, account.phone, account.version) == ("Dr Dana Kovacs", "1", 2)
    (changed,) = await events("user.updated")
    assert set(changed.topics) == {
        "role.admin",
        f"role.manager.branch.{clinic.downtown}",
        f"user.{clinic.dentist.user_id}",
    }


async def test_new_password_ends_the_other_sessions(clinic: Clinic) -> None:
    here, elsewhere, stranger = await sign_in(), await sign_in(), await sign_in("grace")
    claims = tokens.read_session(here.token)
    assert claims is not None
    given = {"current": PASSWORD, "password": "another password"}
    await service.change_password(clinic.customer, claims.session_id, given)
    assert (await is_in(here), await is_in(elsewhere), await is_in(stranger)) == (True, False, True)
    await refused("customer", PASSWORD)
    await sign_in("customer", "another password")


async def test_new_password_needs_the_current_one(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refusal:
        await service.change_password(
            clinic.customer, "", {"current": "a guess", "password": "another password"}
        )
    assert refusal.value.fields == {"current": "This is not your current password."}
    await sign_in()


async def test_reset_link_works_once_and_ends_every_session(clinic: Clinic) -> None:
    signed_in = await sign_in()
    secret = await link_for(clinic)
    await service.reset_password(secret, {"password": "a new password"})
    assert not await is_in(signed_in)
    assert len(await events("session.ended")) == 1
    await sign_in("customer", "a new password")
    with pytest.raises(Refusal, match=EXPIRED):
        await service.reset_password(secret, {"password": "yet another one"})
    await sign_in("customer", "a new password")


async def test_reset_link_lasts_an_hour(clinic: Clinic, now: Now) -> None:
    early, late = await link_for(clinic), await link_for(clinic, "grace")
    now.move(hours=1)
    await service.reset_password(early, {"password": "a new password"})
    now.move(seconds=1)
    with pytest.raises(Refusal, match=EXPIRED):
        await service.reset_password(late, {"password": "a new password"})


async def test_using_one_link_ends_the_others(clinic: Clinic) -> None:
    first, second = await link_for(clinic), await link_for(clinic)
    await service.reset_password(second, {"password": "a new password"})
    with pytest.raises(Refusal, match=EXPIRED):
        await service.reset_password(first, {"password": "an intruder's"})


async def test_refused_new_password_leaves_the_link_usable(clinic: Clinic) -> None:
    secret = await link_for(clinic)
    with pytest.raises(Invalid):
        await service.reset_password(secret, {"password": "short"})
    await service.reset_password(secret, {"password": "long enough"})


async def test_link_that_nobody_was_mailed_is_refused(clinic: Clinic) -> None:
    for secret in ("", "a guess", "\x00", "é" * 500):
        with pytest.raises(Refusal, match=EXPIRED):
            await service.reset_password(secret, {"password": "long enough"})


async def test_unknown_address_is_mailed_nothing(clinic: Clinic) -> None:
    for typed in ("nobody@example.com", "", "\x00", "a" * 10_000):
        await service.request_password_reset(typed)
    assert await mails(clinic) == []
    await service.request_password_reset(" Customer@EXAMPLE.com ")
    assert len(await mails(clinic)) == 1


async def test_stored_links_do_not_hold_the_secret(clinic: Clinic) -> None:
    secret = await link_for(clinic)
    async with database.reading() as session:
        stored = await session.get(service.PasswordReset, tokens.fingerprint(secret))
    assert stored is not None and stored.expires_at > clock.now()
    assert secret not in str(stored.model_dump())
