"""The lists of appointments and what can be done with a row of them."""

from typing import Any, ClassVar

import reflex as rx

from shinesmile.accounts.state.session import scope_of
from shinesmile.appointments import moving, service
from shinesmile.appointments.lifecycle import BY_VERB
from shinesmile.appointments.live.own import OwnAppointments
from shinesmile.appointments.live.schedule import DaySchedule
from shinesmile.appointments.rows import AppointmentRow
from shinesmile.core.errors import Invalid
from shinesmile.core.permissions import Action, require, shared
from shinesmile.realtime.push import LiveState


class RowState(rx.State):
    """Acts on one appointment, from whichever list it was chosen."""

    asking: bool = False
    asked_id: int = 0
    asked_version: int = 0
    asked_verb: str = ""
    asked_title: str = ""
    error: str = ""

    @rx.event
    async def take(self, appointment_id: int, version: int, verb: str) -> None:
        """Take an appointment a step on; asks for a reason first where one is needed."""
        scope = await scope_of(self)
        step = BY_VERB.get(verb)
        if step is not None and step.needs_reason:
            self.asked_id, self.asked_version = int(appointment_id), int(version)
            self.asked_verb, self.asked_title = verb, f"{step.label} this appointment?"
            self.error, self.asking = "", True
            return
        await service.change(scope, int(appointment_id), verb, version=int(version))

    @rx.event
    async def give_reason(self, form: dict[str, Any]) -> None:
        """Take the step that was asked about, with its reason."""
        scope = await scope_of(self)
        try:
            await service.change(
                scope,
                self.asked_id,
                self.asked_verb,
                version=self.asked_version,
                reason=str(form.get("reason", "")),
            )
        except Invalid as problem:
            self.error = problem.fields.get("reason", problem.sentence)
            return
        self.asking = False

    @rx.event
    def go_back(self) -> None:
        """Leave the question unanswered."""
        self.asking = False

    @rx.event
    async def restore(self, appointment_id: int, version: int) -> None:
        """Bring a cancelled or missed appointment back."""
        scope = await scope_of(self)
        await moving.restore(scope, int(appointment_id), version=int(version))

    @rx.event
    async def delete(self, appointment_id: int) -> None:
        """Take an appointment out of every list."""
        await service.delete_softly(await scope_of(self), int(appointment_id))


class ScheduleState(LiveState, rx.State):
    """The appointments of one day."""

    live: ClassVar = ("rows", "day_label")

    rows: list[AppointmentRow] = []
    day_label: str = ""
    day: int = 0

    @rx.event
    async def open(self) -> None:
        """Show the day that was looked at last, today to begin with."""
        await self._show()

    @rx.event
    async def turn(self, by: int) -> None:
        """Go to another day; 0 goes back to today."""
        self.day = max(-366, min(366, self.day + int(by))) if by else 0
        await self._show()

    async def _show(self) -> None:
        scope = await scope_of(self)
        require(scope, Action.SEE_APPOINTMENTS)
        await self._watch(DaySchedule(shared(scope, Action.SEE_APPOINTMENTS), self.day))


class OwnState(LiveState, rx.State):
    """A customer's own appointments."""

    live: ClassVar = ("upcoming", "past")

    upcoming: list[AppointmentRow] = []
    past: list[AppointmentRow] = []

    @rx.event
    async def open(self) -> None:
        """Show them."""
        scope = await scope_of(self)
        require(scope, Action.SEE_APPOINTMENTS)
        await self._watch(OwnAppointments(scope))
