"""Booking: choose a service, then where, with whom and when, then confirm."""

import reflex as rx

from shinesmile import ui
from shinesmile.appointments.state.booking import BookingState as State


def panel() -> rx.Component:
    """The steps after a service was chosen."""
    return rx.cond(
        State.service_id != "",
        ui.card(
            rx.el.div(
                _where_and_when(),
                _free_times(),
                ui.form_error(rx.cond(State.start == "", State.problem, "")),
                rx.cond(State.start != "", _details(), rx.cond(State.moving_id == 0, _waitlist())),
                class_name="ss-stack",
            ),
            title=rx.cond(State.moving_id == 0, State.service_name, f"Move: {State.service_name}"),
            id="booking",
            data_testid="booking",
        ),
    )


def _where_and_when() -> rx.Component:
    return rx.el.div(
        ui.select_field(
            "Branch",
            "branch",
            State.branches,
            value=State.branch_id,
            on_change=State.choose_branch,
        ),
        ui.select_field(
            "With",
            "practitioner",
            State.practitioners,
            value=State.practitioner_id,
            on_change=State.choose_practitioner,
            placeholder="Whoever is free",
            optional=True,
        ),
        ui.text_field(
            "Day",
            "day",
            type="date",
            value=State.day,
            min=State.first_day,
            max=State.last_day,
            on_change=State.choose_day,
        ),
        class_name="ss-columns",
    )


def _free_times() -> rx.Component:
    return rx.el.div(
        rx.el.p("Free times", class_name="ss-label"),
        rx.cond(
            State.loaded,
            ui.slot_grid(State.slots, State.choose_time, State.start),
            ui.loading_rows(2),
        ),
        rx.el.p("Times are those of the branch: ", State.zone, class_name="ss-hint"),
        class_name="ss-field",
    )


def _details() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            ui.with_icon("calendar-check", rx.el.strong(State.chosen)),
            rx.el.span("Held for you until ", State.held_until, class_name="ss-muted"),
            ui.button("Keep it longer", variant="ghost ss-btn-small", on_click=State.renew),
            ui.button("Choose another", variant="ghost ss-btn-small", on_click=State.release),
            class_name="ss-held",
            data_testid="chosen",
        ),
        rx.cond(
            State.for_customer & (State.moving_id == 0),
            ui.text_field(
                "Customer's e-mail",
                "customer_email",
                type="email",
                error=State.errors["customer_email"],
                hint="The account that the appointment is for.",
            ),
        ),
        rx.cond(
            State.moving_id == 0,
            ui.text_area_field(
                "Anything we should know?",
                "note",
                error=State.errors["note"],
                rows=2,
                optional=True,
            ),
        ),
        ui.form_error(State.problem),
        ui.submit_button(
            rx.cond(State.moving_id == 0, "Book this time", "Move to this time"), testid="book"
        ),
        on_submit=State.confirm,
        no_validate=True,
        class_name="ss-stack",
    )


def _waitlist() -> rx.Component:
    return rx.el.details(
        rx.el.summary("No time suits you? Join the waitlist."),
        rx.el.form(
            rx.el.div(
                ui.text_field(
                    "From",
                    "first_day",
                    type="date",
                    default_value=State.first_day,
                    min=State.first_day,
                    error=State.errors["first_day"],
                ),
                ui.text_field(
                    "Until",
                    "last_day",
                    type="date",
                    default_value=State.day,
                    min=State.first_day,
                    error=State.errors["last_day"],
                ),
                class_name="ss-columns",
            ),
            ui.submit_button("Tell me when a time comes free", testid="join-waitlist"),
            on_submit=State.wait,
            no_validate=True,
            class_name="ss-stack",
        ),
        class_name="ss-details",
        data_testid="waitlist",
    )
