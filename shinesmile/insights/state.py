"""The numbers on the overview."""

from typing import ClassVar

import reflex as rx

from shinesmile.accounts.state.session import scope_of
from shinesmile.core.permissions import Action, require, shared
from shinesmile.insights.live import Numbers
from shinesmile.realtime.push import LiveState


class NumbersState(LiveState, rx.State):
    """How today stands."""

    live: ClassVar = ("today", "pending", "completed", "cancelled", "no_shows", "revenue", "online")

    today: int = 0
    pending: int = 0
    completed: int = 0
    cancelled: int = 0
    no_shows: int = 0
    revenue: str = "0.00"
    online: int = 0

    @rx.event
    async def open(self) -> None:
        """Show the numbers of the branches in sight."""
        scope = await scope_of(self)
        require(scope, Action.SEE_NUMBERS)
        await self._watch(Numbers(shared(scope, Action.SEE_NUMBERS)))
