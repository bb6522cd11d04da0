"""Signing in and out, and the sessions behind it."""

from datetime import timedelta

import pytest

from shinesmile.accounts import administration, sessions
from shinesmile.accounts.sessions import WRONG
from shinesmile.core import clock, tokens
from shinesmile.core.errors import NotFound
from shinesmile.core.scope import Role
from tests.accounts.people import DESK, is_in, open_sessions, refused, sign_in
from tests.clinic import PASSWORD, Clinic, events, user
from tests.watching import held_clock


async def test_session_names_the_account_its_role_and_its_branches(clinic: Clinic) -> None:
    for name, scope in clinic.scopes.items():
        viewer = await sessions.viewer_of((await sign_in(name)).token)
        assert viewer is not None and viewer.scope == scope
        assert await sessions.still_valid(viewer)


async def test_address_is_found_in_any_case_and_with_spaces(clinic: Clinic) -> None:
    signed_in = await sessions.sign_in("  Customer@EXAMPLE.com ", PASSWORD, False, DESK)
    assert signed_in.user.id == clinic.customer.user_id


async def test_answer_is_the_same_for_unknown_wrong_and_disabled(clinic: Clinic) -> None:
    account = await user(clinic.other_customer)
    given = {"name": account.name, "role": "customer", "is_active": False}
    await administration.update_user(clinic.admin, account.id or 0, account.version, given)
    assert await refused("nobody") == WRONG
    assert await refused("customer") == WRONG
    assert await refused("other_customer", PASSWORD) == WRONG
    assert await open_sessions(clinic.other_customer) == []


async def test_strange_addresses_are_just_unknown(clinic: Clinic) -> None:
    for typed in ("", "\x00", "ada\x00@example.com", "' OR 1=1 --", "a" * 10_000):
        with pytest.raises(sessions.Refusal, match=WRONG):
            await sessions.sign_in(typed, "password123\x00", False, DESK)


async def test_remembered_sessions_last_a_month_and_others_half_a_day(clinic: Clinic) -> None:
    before = clock.now()
    short, long = await sign_in(), await sign_in(remember=True)
    assert timedelta(0) <= short.expires_at - before - timedelta(hours=12) < timedelta(minutes=1)
    assert timedelta(0) <= long.expires_at - before - timedelta(days=30) < timedelta(minutes=1)
    assert (short.remembered, long.remembered) == (False, True)


async def test_session_ends_by_itself(clinic: Clinic) -> None:
    with held_clock(clock.now()) as now:
        signed_in = await sign_in()
        viewer = await sessions.viewer_of(signed_in.token)
        assert viewer is not None
        now.move(hours=12, seconds=-1)
        assert await sessions.still_valid(viewer)
        now.move(seconds=1)
        assert not await sessions.still_valid(viewer)
        assert await open_sessions(clinic.customer) == []


async def test_signing_out_ends_this_session_only(clinic: Clinic) -> None:
    here, elsewhere = await sign_in(), await sign_in()
    await sessions.sign_out(here.token)
    assert not await is_in(here)
    assert await is_in(elsewhere)
    await sessions.sign_out(here.token)
    await sessions.sign_out("not a token")
    (ended,) = await events("session.ended")
    assert ended.topics == [f"user.{clinic.customer.user_id}"]


async def test_own_session_can_be_revoked_from_elsewhere(clinic: Clinic) -> None:
    phone, desk = await sign_in(), await sign_in()
    lost = tokens.read_session(phone.token)
    assert lost is not None
    await sessions.revoke(clinic.customer, lost.session_id)
    assert not await is_in(phone)
    assert await is_in(desk)
    (ended,) = await events("session.ended")
    assert ended.subject_id == lost.session_id
    with pytest.raises(NotFound):
        await sessions.revoke(clinic.customer, lost.session_id)


async def test_nobody_revokes_the_session_of_another(clinic: Clinic) -> None:
    signed_in = await sign_in()
    claims = tokens.read_session(signed_in.token)
    assert claims is not None
    for scope in (clinic.other_customer, clinic.manager, clinic.admin):
        with pytest.raises(NotFound):
            await sessions.revoke(scope, claims.session_id)
    assert await is_in(signed_in)


async def test_token_of_one_account_does_not_open_the_session_of_another(clinic: Clinic) -> None:
    signed_in = await sign_in()
    claims = tokens.read_session(signed_in.token)
    assert claims is not None
    forged = tokens.SessionClaims(claims.session_id, clinic.admin.user_id)
    assert await sessions.viewer_of(tokens.sign_session(forged, signed_in.expires_at)) is None


async def test_sessions_are_listed_newest_first_with_where_they_are_from(clinic: Clinic) -> None:
    with held_clock(clock.now()) as now:
        await sign_in()
        now.move(minutes=1)
        await sign_in(remember=True)
        newest, oldest = await open_sessions(clinic.customer)
    assert newest.created_at - oldest.created_at == timedelta(minutes=1)
    assert (newest.address, newest.browser) == (DESK.address, DESK.browser)


async def test_viewer_is_no_longer_valid_after_a_change_of_role(clinic: Clinic) -> None:
    viewer = await sessions.viewer_of((await sign_in("receptionist")).token)
    assert viewer is not None and viewer.scope.role is Role.RECEPTIONIST
    account = await user(clinic.receptionist)
    given = {"name": account.name, "role": "staff", "branch_ids": {clinic.downtown}}
    await administration.update_user(clinic.admin, account.id or 0, account.version, given)
    assert not await sessions.still_valid(viewer)
