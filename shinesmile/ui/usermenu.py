"""Who is signed in, and the way out."""

import reflex as rx

from .badges import role_label
from .forms import native_form
from .icons import icon
from .links import link
from .types import Text


def user_menu(name: Text, role: Text) -> rx.Component:
    """A button with the person's initial; name, role, Account and Log out behind it."""
    initial = rx.Var.create(name).to(str)[0].upper()
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.el.span(
                    rx.cond(name != "", initial, ""), class_name="ss-avatar", aria_hidden="true"
                ),
                rx.el.span(
                    rx.el.span(name, class_name="ss-user-name"),
                    rx.el.span(role_label(role), class_name="ss-user-role"),
                    class_name="ss-user-text",
                ),
                rx.el.span("Account menu", class_name="ss-sr"),
                rx.el.span(icon("chevron-down", 15), class_name="ss-wide"),
                type="button",
                class_name="ss-user",
                data_testid="user-menu",
            )
        ),
        rx.popover.content(
            rx.el.div(
                rx.el.span(name, class_name="ss-user-name"),
                rx.el.span(role_label(role), class_name="ss-user-role"),
                class_name="ss-menu-head",
            ),
            rx.popover.close(
                link(icon("user-cog", 17), "Account", href="/account", class_name="ss-menu-item")
            ),
            native_form(
                rx.el.button(
                    icon("log-out", 17),
                    "Log out",
                    type="submit",
                    class_name="ss-menu-item",
                    data_testid="logout",
                ),
                action="/auth/logout",
            ),
            align="end",
            class_name="ss-popover ss-menu",
            aria_label="Account",
        ),
    )
