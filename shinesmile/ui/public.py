"""The frame of pages that need no account."""

import reflex as rx

from .brand import brand, theme_toggle
from .links import button_link, link, skip_link
from .types import Content, Text


def public_shell(*content: Content) -> rx.Component:
    """Header with logo, Services, Log in and Book now; footer."""
    return rx.el.div(
        skip_link(),
        rx.el.header(
            brand("/"),
            rx.el.nav(
                link("Services", href="/services", class_name="ss-public-link"),
                link("Log in", href="/login", class_name="ss-public-link"),
                theme_toggle(),
                button_link("Book now", "/services"),
                aria_label="Main",
            ),
            class_name="ss-public-head",
        ),
        rx.el.main(*content, id="content", tab_index=-1, class_name="ss-public-main"),
        rx.el.footer(
            rx.el.span("ShineSmile. Dental and optical care."),
            rx.el.span(
                link("Services", href="/services"),
                link("Register", href="/register"),
                link("Log in", href="/login"),
            ),
            class_name="ss-public-foot",
        ),
        class_name="ss-public",
    )


def auth_card(title: Text, subtitle: Text, *children: Content) -> rx.Component:
    """The centred card of login, registration and password pages; goes inside `public_shell`."""
    return rx.el.div(
        rx.el.div(
            rx.el.img(src="/logo.svg", alt=""),
            rx.el.h1(title, class_name="ss-title"),
            rx.el.p(subtitle, class_name="ss-subtitle"),
            class_name="ss-auth-head",
        ),
        *children,
        class_name="ss-card ss-auth",
    )
