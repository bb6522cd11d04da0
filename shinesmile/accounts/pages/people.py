"""Accounts as managers and admins see them."""

import reflex as rx

from shinesmile import ui
from shinesmile.accounts.live import UserRow
from shinesmile.accounts.state.users import UsersState as State
from shinesmile.ui.page import Page


def people() -> rx.Component:
    """The table of accounts and the form for one of them."""
    return rx.fragment(
        ui.toolbar(
            ui.search_field(
                "Search people", State.find.debounce(250), placeholder="Name or e-mail"
            ),
        ),
        ui.table(
            ["Name", "E-mail", "Role", "Branches", "State", ""],
            State.rows,
            _line,
            testid="users-table",
            loaded=State.loaded,
            empty=ui.empty_state("users", "Nobody found", "Try another name or address."),
        ),
        ui.pager(State.page, State.pages, State.total, State.turn(-1), State.turn(1)),
        _form(),
    )


def _line(user: UserRow) -> rx.Component:
    return ui.row(
        {
            "Name": rx.el.strong(user.name),
            "E-mail": user.email,
            "Role": ui.role_badge(user.role),
            "Branches": rx.cond(user.branches != "", user.branches, "–"),
            "State": rx.cond(
                user.is_active,
                ui.badge("Active", "circle-check", "green"),
                ui.badge("Disabled", "circle-x", "gray"),
            ),
            "": rx.cond(
                user.editable,
                ui.button(
                    "Edit",
                    variant="soft",
                    on_click=State.edit(user.id),
                    aria_label=f"Edit {user.name}",
                ),
            ),
        },
        key=user.id.to_string(),
        testid="user-row",
    )


def _form() -> rx.Component:
    row = State.editing
    is_new = row.id == 0
    return ui.form_dialog(
        State.form_open,
        rx.cond(is_new, "Add a person", "Change account"),
        ui.text_field("Name", "name", default_value=row.name, error=State.errors["name"]),
        rx.cond(
            is_new,
            rx.fragment(
                ui.text_field("E-mail", "email", type="email", error=State.errors["email"]),
                ui.text_field(
                    "First password",
                    "password",
                    type="password",
                    error=State.errors["password"],
                    auto_complete="new-password",
                ),
            ),
        ),
        ui.text_field(
            "Phone", "phone", default_value=row.phone, error=State.errors["phone"], optional=True
        ),
        ui.select_field(
            "Role",
            "role",
            State.roles,
            default_value=row.role,
            error=State.errors["role"],
            placeholder="Choose",
        ),
        ui.check_list(
            "Branches", "branch", State.branches, row.branch_ids, State.errors["branch_ids"]
        ),
        rx.cond(
            ~is_new,
            ui.check_field("Account is active", "is_active", default_checked=row.is_active),
        ),
        on_submit=State.save,
        on_cancel=State.close,
    )


PAGE = Page(
    "/admin/users",
    "People",
    people(),
    on_load=[State.open],
    subtitle="Accounts, roles and branches.",
    actions=[ui.button("Add a person", on_click=State.add)],
)
