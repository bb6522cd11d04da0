"""The bell of every signed-in page."""

from typing import ClassVar

import reflex as rx

from shinesmile.accounts.state.session import scope_of, visitor
from shinesmile.core.permissions import Action, require, shared
from shinesmile.notifications import service
from shinesmile.notifications.live import Bell, BellItem, MailRow, Outbox
from shinesmile.realtime.push import LiveState


class BellState(LiveState, rx.State):
    """A person's notifications; what is done with one here is done on every device."""

    live: ClassVar = ("items", "unread")

    items: list[BellItem] = []
    unread: int = 0

    @rx.event
    async def ring(self) -> None:
        """Show the bell, and keep it live from page to page."""
        await self._watch(Bell(await scope_of(self)), lasting=True)

    @rx.event
    async def greet(self) -> None:
        """The same on a public page, for those who are signed in."""
        if (viewer := await visitor(self)) is not None:
            await self._watch(Bell(viewer.scope), lasting=True)

    @rx.event
    async def read(self, notification_id: int) -> None:
        """Mark one as read."""
        await service.mark_read(await scope_of(self), int(notification_id))

    @rx.event
    async def read_all(self) -> None:
        """Mark everything as read."""
        await service.mark_all_read(await scope_of(self))

    @rx.event
    async def clear(self) -> None:
        """Clear the bell."""
        await service.clear_all(await scope_of(self))


class OutboxState(LiveState, rx.State):
    """The page of the outbox."""

    live: ClassVar = ("rows",)

    rows: list[MailRow] = []

    @rx.event
    async def open(self) -> None:
        """Show the newest mails."""
        scope = await scope_of(self)
        require(scope, Action.SEE_OUTBOX)
        await self._watch(Outbox(shared(scope, Action.SEE_OUTBOX)))
