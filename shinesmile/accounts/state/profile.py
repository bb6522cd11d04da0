"""The account page: profile, password, sessions."""

from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from shinesmile.accounts import service, sessions
from shinesmile.accounts.live import SessionRow, Sessions
from shinesmile.accounts.state.session import viewer_of
from shinesmile.core import database
from shinesmile.core.errors import Invalid
from shinesmile.realtime.push import LiveState


@dataclass(frozen=True, slots=True)
class Profile:
    """The account's own details."""

    name: str = ""
    email: str = ""
    phone: str = ""


class ProfileState(LiveState, rx.State):
    """A person's own account, and where it is signed in."""

    live: ClassVar = ("sessions",)

    sessions: list[SessionRow] = []
    profile: Profile = Profile()
    errors: dict[str, str] = {}

    @rx.event
    async def open(self) -> None:
        """Show the account."""
        viewer = await viewer_of(self)
        async with database.reading() as session:
            user = await service.profile(session, viewer.scope)
        self.profile = Profile(user.name, user.email, user.phone)
        self.errors = {}
        await self._watch(Sessions(viewer.scope.user_id, viewer.session_id))

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save name and phone number."""
        viewer = await viewer_of(self)
        try:
            await service.update_profile(viewer.scope, form)
        except Invalid as problem:
            self.errors = problem.fields
            return None
        self.errors = {}
        return rx.toast.success("Your details are saved.")

    @rx.event
    async def change_password(self, form: dict[str, Any]):
        """Choose a new password."""
        viewer = await viewer_of(self)
        try:
            await service.change_password(viewer.scope, viewer.session_id, form)
        except Invalid as problem:
            self.errors = problem.fields
            return None
        self.errors = {}
        return [
            rx.toast.success(
                "Your password is changed.", description="Other devices are signed out."
            ),
            rx.set_value("current", ""),
            rx.set_value("password", ""),
        ]

    @rx.event
    async def revoke(self, session_id: str) -> None:
        """Sign another device out."""
        viewer = await viewer_of(self)
        await sessions.revoke(viewer.scope, str(session_id))
