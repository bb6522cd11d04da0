"""Who hears of a change to an appointment, and in which words."""

from shinesmile.appointments.lifecycle import Status
from shinesmile.appointments.models import Appointment
from shinesmile.core.database import UnitOfWork
from shinesmile.core.permissions import Action, audience
from shinesmile.core.scope import Scope
from shinesmile.core.when import moment_text
from shinesmile.notifications.service import Message, notify
from shinesmile.realtime.log import record

# The word of a title (document 000) and its colour, by what happened.
_SAID = {
    "appointment.created": ("created", "success"),
    "appointment.updated": ("updated", "info"),
    "appointment.status_changed": ("updated", "info"),
    "appointment.completed": ("completed", "success"),
    "appointment.cancelled": ("cancelled", "warning"),
    "appointment.deleted": ("deleted", "error"),
}
_BY_STATUS = {
    Status.CANCELLED: "appointment.cancelled",
    Status.COMPLETED: "appointment.completed",
}
SLOTS_CHANGED = "slots.changed"


def event_for(status: Status) -> str:
    """The event that says an appointment has come to this status."""
    return _BY_STATUS.get(status, "appointment.status_changed")


def listeners(appointment: Appointment, action: Action) -> set[str]:
    """The topics of everybody whose permission reaches this appointment."""
    return audience(
        action,
        owner_id=appointment.customer_id,
        assignee_ids=(appointment.practitioner_id, appointment.assigned_to),
        branch_id=appointment.branch_id,
    )


async def announce(
    work: UnitOfWork,
    scope: Scope,
    appointment: Appointment,
    happened: str,
    old_status: Status | None = None,
    *,
    moved_from: Appointment | None = None,
) -> None:
    """Record the event and tell those concerned, in the transaction of the change.

    An appointment that was moved concerns those of its old place as well.
    """
    data = {"status": appointment.status.value}
    if old_status is not None:
        data["old_status"] = old_status.value
    if moved_from is not None:
        data["old_starts_at"] = moved_from.starts_at.isoformat()
        data["starts_at"] = appointment.starts_at.isoformat()
    record(
        work,
        happened,
        ("appointment", appointment.id or 0),
        _concerned(appointment, moved_from, Action.SEE_APPOINTMENTS),
        actor=scope,
        version=appointment.version,
        data=data,
    )
    said, severity = _SAID[happened]
    body = moment_text(appointment.starts_at, appointment.timezone)
    if said == "updated":
        body = f"{'Moved' if moved_from else appointment.status.label} · {body}"
    message = Message(
        type=happened,
        severity=severity,
        title=f"Appointment {said}: {appointment.service_name}",
        body=body,
        link=f"?code={appointment.code}",
    )
    concerned = _concerned(appointment, moved_from, Action.BOOK)
    await notify(work, concerned, message, actor=scope)


def _concerned(
    appointment: Appointment, moved_from: Appointment | None, action: Action
) -> set[str]:
    old = listeners(moved_from, action) if moved_from else set()
    return listeners(appointment, action) | old


def announce_slots(work: UnitOfWork, branch_id: int) -> None:
    """Say that a branch's free times have changed, to whoever looks at them; no more than that."""
    record(work, SLOTS_CHANGED, ("slots", branch_id), [f"public.branch.{branch_id}"])
