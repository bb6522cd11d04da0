"""Log in, register, forgotten password: native forms, so that the cookie stays out of scripts."""

import reflex as rx

from shinesmile import ui
from shinesmile.accounts.state.session import SessionState
from shinesmile.accounts.state.signing_in import SigningInState as State
from shinesmile.core.passwords import MIN_LENGTH
from shinesmile.ui.page import Page

ON_LOAD = (SessionState.greet, State.open)


def _form(*fields: rx.Component, action: str, submit: str, testid: str) -> rx.Component:
    return ui.native_form(
        ui.form_error(State.problem),
        _done(),
        *fields,
        rx.el.input(type="hidden", name="next", value=State.next),
        ui.submit_button(submit, testid=testid, wide=True),
        action=action,
        class_name="ss-stack",
    )


def _done() -> rx.Component:
    return rx.cond(
        State.done != "",
        rx.el.div(
            ui.icon("circle-check"),
            rx.el.span(State.done),
            role="status",
            class_name="ss-banner",
            data_hue="green",
        ),
    )


def _email() -> rx.Component:
    return ui.text_field(
        "E-mail",
        "email",
        type="email",
        error=State.errors["email"],
        testid="login-email",
        auto_complete="username",
    )


def _password(label: str, autocomplete: str, hint: str = "") -> rx.Component:
    return ui.text_field(
        label,
        "password",
        type="password",
        error=State.errors["password"],
        hint=hint,
        testid="login-password",
        auto_complete=autocomplete,
    )


def _foot(*links: rx.Component) -> rx.Component:
    return rx.el.p(*links, class_name="ss-auth-foot")


def login() -> rx.Component:
    """Sign in."""
    return ui.auth_card(
        "Welcome back",
        "Sign in to see your appointments and your day.",
        _form(
            _email(),
            _password("Password", "current-password"),
            ui.check_field("Stay signed in on this device", "remember"),
            action="/auth/login",
            submit="Log in",
            testid="login-submit",
        ),
        _foot(
            ui.link("Forgotten your password?", href="/forgot-password"),
            ui.link("Create an account", href="/register"),
        ),
    )


def register() -> rx.Component:
    """Open a customer's account."""
    return ui.auth_card(
        "Create your account",
        "Book in a minute, and follow your appointment live.",
        _form(
            ui.text_field(
                "Your name",
                "name",
                error=State.errors["name"],
                auto_complete="name",
            ),
            _email(),
            ui.text_field(
                "Phone",
                "phone",
                type="tel",
                error=State.errors["phone"],
                optional=True,
                auto_complete="tel",
            ),
            _password("Password", "new-password", f"At least {MIN_LENGTH} characters."),
            action="/auth/register",
            submit="Create account",
            testid="register-submit",
        ),
        _foot(ui.link("I already have an account", href="/login")),
    )


def forgot_password() -> rx.Component:
    """Ask for a link to choose a new password."""
    return ui.auth_card(
        "Forgotten your password?",
        "We send a link that works once, within an hour.",
        _form(
            _email(), action="/auth/forgot-password", submit="Send the link", testid="forgot-submit"
        ),
        _foot(ui.link("Back to log in", href="/login")),
    )


def reset_password() -> rx.Component:
    """Choose a new password with the link from the mail."""
    return ui.auth_card(
        "Choose a new password",
        "You will be signed out everywhere else.",
        _form(
            rx.el.input(type="hidden", name="secret", value=State.secret),
            _password("New password", "new-password", f"At least {MIN_LENGTH} characters."),
            action="/auth/reset-password",
            submit="Save the new password",
            testid="reset-submit",
        ),
        _foot(ui.link("Ask for a new link", href="/forgot-password")),
    )


PAGES = tuple(
    Page(route, title, ui.public_shell(content()), on_load=ON_LOAD, public=True)
    for route, title, content in (
        ("/login", "Log in", login),
        ("/register", "Create account", register),
        ("/forgot-password", "Forgotten password", forgot_password),
        ("/reset-password", "New password", reset_password),
    )
)
