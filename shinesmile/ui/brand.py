"""The mark and the name."""

import reflex as rx
from reflex.style import toggle_color_mode

from .icons import icon
from .links import link


def brand(href: str | rx.Var[str] = "/") -> rx.Component:
    """Logo and name, leading home."""
    return link(
        rx.el.img(src="/logo.svg", alt=""),
        rx.el.span("ShineSmile"),
        href=href,
        class_name="ss-brand",
        aria_label="ShineSmile, home",
    )


def theme_toggle() -> rx.Component:
    """Light or dark, remembered by the browser."""
    return rx.el.button(
        rx.el.span(icon("moon", 19), class_name="ss-when-light"),
        rx.el.span(icon("sun", 19), class_name="ss-when-dark"),
        type="button",
        class_name="ss-iconbtn",
        data_testid="theme-toggle",
        aria_label="Switch between light and dark",
        title="Light or dark",
        on_click=toggle_color_mode,
    )
