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
                rx.cond(State.start != "", _details()),
                class_name="ss-stack",
            ),
            title=State.service_name,
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
        rx.el.p(ui.with_icon("calendar-check", rx.el.strong(State.chosen)), data_testid="chosen"),
        rx.cond(
            State.for_customer,
            ui.text_field(
                "Customer's e-mail",
                "customer_email",
                type="email",
                error=State.errors["customer_email"],
                hint="The account that the appointment is for.",
            ),
        ),
        ui.text_area_field(
            "Anything we should know?",
            "note",
            error=State.errors["note"],
            rows=2,
            optional=True,
        ),
        ui.form_error(State.problem),
        ui.submit_button("Book this time", testid="book"),
        on_submit=State.confirm,
        no_validate=True,
        class_name="ss-stack",
    )
