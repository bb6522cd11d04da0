"""A row of appointments and what can be done with it."""

import reflex as rx

from shinesmile import ui
from shinesmile.appointments.rows import AppointmentRow, Step
from shinesmile.appointments.state.lists import RowState


def when(row: AppointmentRow) -> rx.Component:
    """Day and time, with the branch's zone for those elsewhere."""
    return rx.el.span(
        rx.el.strong(row.time),
        rx.el.span(row.day, class_name="ss-muted"),
        class_name="ss-two-lines",
        title=row.zone,
    )


def two_lines(first: rx.Var | str, second: rx.Var | str) -> rx.Component:
    """A main line and a quiet one below it."""
    return rx.el.span(
        rx.el.strong(first), rx.el.span(second, class_name="ss-muted"), class_name="ss-two-lines"
    )


def status(row: AppointmentRow) -> rx.Component:
    """The status, and the reason given for it."""
    return rx.el.span(
        ui.status_badge(row.status),
        rx.cond(row.is_late, rx.el.span("Late", class_name="ss-muted")),
        rx.cond(row.is_overbooked, rx.el.span("Overbooked", class_name="ss-muted")),
        rx.cond(row.reason != "", rx.el.span(row.reason, class_name="ss-muted")),
        class_name="ss-two-lines",
    )


def steps(row: AppointmentRow) -> rx.Component:
    """A button for each step that this account may take now."""
    return rx.el.span(
        rx.foreach(row.steps, lambda step: _step(row, step)),
        rx.cond(
            row.movable,
            ui.button_link(
                "Move",
                f"/services?move={row.id}",
                variant="soft ss-btn-small",
                data_testid="move",
            ),
        ),
        rx.cond(
            row.restorable,
            ui.button(
                "Restore",
                variant="soft ss-btn-small",
                on_click=RowState.restore(row.id, row.version),
                data_testid="restore",
            ),
        ),
        rx.cond(
            row.deletable,
            ui.confirm_dialog(
                ui.icon_button("trash-2", "Delete appointment", data_testid="delete"),
                "Delete this appointment?",
                "It disappears from every list. The history keeps it.",
                "Delete",
                RowState.delete(row.id),
                danger=True,
            ),
        ),
        class_name="ss-row-actions",
    )


def _step(row: AppointmentRow, step: Step) -> rx.Component:
    return ui.button(
        step.label,
        variant="soft ss-btn-small",
        on_click=RowState.take(row.id, row.version, step.verb),
        data_testid=f"step-{step.verb}",
        key=step.verb,
    )


def reason_question() -> rx.Component:
    """The dialog that asks for a reason; once on each page that shows rows."""
    return ui.reason_dialog(
        RowState.asking,
        RowState.asked_title,
        "Reason",
        RowState.give_reason,
        RowState.go_back,
        RowState.error,
    )
