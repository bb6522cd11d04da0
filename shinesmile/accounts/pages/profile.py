"""A person's own account."""

import reflex as rx

from shinesmile import ui
from shinesmile.accounts.live import SessionRow
from shinesmile.accounts.state.profile import ProfileState as State
from shinesmile.core.passwords import MIN_LENGTH
from shinesmile.ui.page import Page


def account() -> rx.Component:
    """Details, password, and where this account is signed in."""
    return rx.el.div(
        rx.el.div(_details(), _password(), class_name="ss-columns"),
        _sessions(),
        class_name="ss-stack",
    )


def _details() -> rx.Component:
    return ui.card(
        rx.el.form(
            ui.text_field(
                "Name", "name", default_value=State.profile.name, error=State.errors["name"]
            ),
            ui.text_field(
                "Phone",
                "phone",
                default_value=State.profile.phone,
                error=State.errors["phone"],
                optional=True,
            ),
            ui.text_field(
                "E-mail",
                "account-email",
                default_value=State.profile.email,
                hint="This is how you sign in. Ask the clinic to change it.",
                read_only=True,
            ),
            ui.submit_button("Save", testid="save-profile"),
            on_submit=State.save,
            class_name="ss-stack",
            key=State.profile.email,
        ),
        title="Your details",
    )


def _password() -> rx.Component:
    return ui.card(
        rx.el.form(
            ui.text_field(
                "Current password",
                "current",
                type="password",
                error=State.errors["current"],
                auto_complete="current-password",
            ),
            ui.text_field(
                "New password",
                "password",
                type="password",
                error=State.errors["password"],
                hint=f"At least {MIN_LENGTH} characters.",
                auto_complete="new-password",
            ),
            ui.submit_button("Change password", testid="change-password"),
            on_submit=State.change_password,
            class_name="ss-stack",
        ),
        title="Password",
    )


def _sessions() -> rx.Component:
    return ui.card(
        ui.table(
            ["Browser", "Address", "Signed in", ""],
            State.sessions,
            _session,
            testid="sessions-table",
            loaded=State.loaded,
            empty=ui.empty_state("monitor", "Nowhere signed in"),
        ),
        title="Where you are signed in",
    )


def _session(session: SessionRow) -> rx.Component:
    return ui.row(
        {
            "Browser": session.browser,
            "Address": session.address,
            "Signed in": session.since,
            "": rx.cond(
                session.is_this,
                ui.badge("This browser", "circle-check", "green"),
                ui.button(
                    "Sign out",
                    variant="soft",
                    on_click=State.revoke(session.id),
                    data_testid="revoke-session",
                ),
            ),
        },
        key=session.id,
        testid="session-row",
    )


PAGE = Page(
    "/account",
    "Account",
    account(),
    on_load=[State.open],
    subtitle="Your details and your devices.",
)
