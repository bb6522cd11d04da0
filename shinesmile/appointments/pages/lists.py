"""The customer's own appointments, the day's schedule, and the table of all."""

import reflex as rx

from shinesmile import ui
from shinesmile.appointments.pages.rows import reason_question, status, steps, two_lines, when
from shinesmile.appointments.rows import AppointmentRow
from shinesmile.appointments.state.lists import OwnState, ScheduleState
from shinesmile.ui.page import Page


def own() -> rx.Component:
    """A customer's appointments: ahead, then gone by."""
    return rx.el.div(
        ui.card(
            ui.table(
                ["When", "Service", "With", "Status", ""],
                OwnState.upcoming,
                _own_row,
                testid="appointments-table",
                loaded=OwnState.loaded,
                empty=ui.empty_state(
                    "calendar-plus",
                    "Nothing booked yet",
                    "Choose a service and a time that suits you.",
                    ui.button_link("Book an appointment", "/services"),
                ),
            ),
            title="Coming up",
        ),
        ui.card(
            ui.table(
                ["When", "Service", "With", "Status", ""],
                OwnState.past,
                _own_row,
                testid="past-table",
                loaded=OwnState.loaded,
                empty=ui.empty_state("history", "No earlier appointments"),
                skeleton_rows=2,
            ),
            title="Earlier",
        ),
        reason_question(),
        class_name="ss-stack",
    )


def _own_row(row: AppointmentRow) -> rx.Component:
    return ui.row(
        {
            "When": when(row),
            "Service": two_lines(row.service, row.code),
            "With": two_lines(row.practitioner, row.branch),
            "Status": status(row),
            "": steps(row),
        },
        key=row.id.to_string(),
        testid="appointment-row",
        status=row.status,
    )


def schedule() -> rx.Component:
    """The day's appointments at the branches in sight."""
    return rx.fragment(
        ui.toolbar(
            ui.icon_button("chevron-left", "The day before", on_click=ScheduleState.turn(-1)),
            ui.button("Today", variant="outline", on_click=ScheduleState.turn(0)),
            ui.icon_button("chevron-right", "The day after", on_click=ScheduleState.turn(1)),
            rx.el.strong(ScheduleState.day_label, data_testid="day-label"),
        ),
        ui.table(
            ["Time", "Patient", "Service", "With", "Status", ""],
            ScheduleState.rows,
            _schedule_row,
            testid="appointments-table",
            loaded=ScheduleState.loaded,
            empty=ui.empty_state(
                "calendar-days", "Nothing on this day", "New bookings appear here by themselves."
            ),
        ),
        reason_question(),
    )


def _schedule_row(row: AppointmentRow) -> rx.Component:
    return ui.row(
        {
            "Time": two_lines(row.time, row.code),
            "Patient": two_lines(row.customer, row.phone),
            "Service": two_lines(row.service, row.note),
            "With": two_lines(row.practitioner, row.branch),
            "Status": status(row),
            "": steps(row),
        },
        key=row.id.to_string(),
        testid="appointment-row",
        status=row.status,
    )


def _day_page(route: str, title: str, subtitle: str) -> Page:
    return Page(route, title, schedule(), on_load=[ScheduleState.open], subtitle=subtitle)


PAGES = (
    Page(
        "/dashboard",
        "My appointments",
        own(),
        on_load=[OwnState.open],
        subtitle="Changes appear here by themselves.",
        actions=[ui.button_link("Book", "/services", icon_name="calendar-plus")],
    ),
    Page(
        "/reception",
        "Reception",
        schedule(),
        on_load=[ScheduleState.open],
        subtitle="The day at your branch.",
        actions=[ui.button_link("Book", "/services", icon_name="calendar-plus")],
    ),
    _day_page("/checker", "Today", "The day at your branch."),
    _day_page("/optometrist", "My day", "Your own appointments."),
    _day_page("/dentist", "My day", "Your own appointments."),
    _day_page("/staff", "My jobs", "What is assigned to you."),
)
