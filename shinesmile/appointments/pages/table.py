"""The table of every appointment in sight."""

import reflex as rx

from shinesmile import ui
from shinesmile.appointments.lifecycle import Status
from shinesmile.appointments.pages.rows import reason_question, status, steps, two_lines, when
from shinesmile.appointments.rows import AppointmentRow
from shinesmile.appointments.state.table import TableState

STATUSES = (("", "All"), *((status.value, status.label) for status in Status))


def all_appointments() -> rx.Component:
    """The table of every appointment in sight, newest first."""
    return ui.card(
        ui.toolbar(
            ui.search_field(
                "Search appointments",
                TableState.find.debounce(250),
                placeholder="Code, service or person",
            ),
            ui.filter_select("Status", STATUSES, TableState.with_status, value=TableState.status),
            ui.filter_select(
                "Branch", TableState.branches, TableState.at_branch, value=TableState.branch
            ),
        ),
        ui.table(
            ["When", "Patient", "Service", "With", "Status", ""],
            TableState.rows,
            _table_row,
            testid="appointments-table",
            loaded=TableState.loaded,
            empty=ui.empty_state(
                "calendar-days", "No appointments found", "Change the search or the filters."
            ),
        ),
        ui.pager(
            TableState.page,
            TableState.pages,
            TableState.total,
            TableState.turn(-1),
            TableState.turn(1),
        ),
        reason_question(),
        title="All appointments",
    )


def _table_row(row: AppointmentRow) -> rx.Component:
    return ui.row(
        {
            "When": when(row),
            "Patient": two_lines(row.customer, row.phone),
            "Service": two_lines(row.service, row.code),
            "With": two_lines(row.practitioner, row.branch),
            "Status": status(row),
            "": steps(row),
        },
        key=row.id.to_string(),
        testid="appointment-row",
        status=row.status,
    )
