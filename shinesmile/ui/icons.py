"""Icons. A name known only in the browser goes through a fixed set: rx.icon(Var) loads all of Lucide."""

from typing import Final

import reflex as rx

from .types import Content, Text

NAV_ICONS: Final = (
    "activity",
    "bell",
    "boxes",
    "building-2",
    "calendar-days",
    "calendar-plus",
    "chart-column",
    "clipboard-list",
    "concierge-bell",
    "eye",
    "history",
    "house",
    "layout-dashboard",
    "mail",
    "message-circle",
    "monitor",
    "package",
    "pill",
    "radio",
    "shield-check",
    "sparkles",
    "stethoscope",
    "tags",
    "truck",
    "user",
    "users",
)


def icon(name: str, size: int = 18, **props) -> rx.Component:
    """A decorative icon, hidden from screen readers: a label must stand beside it."""
    return rx.icon(name, size=size, aria_hidden="true", flex_shrink="0", **props)


def named_icon(name: Text, size: int = 18) -> rx.Component:
    """An icon chosen by data from NAV_ICONS (dashes, not underscores); any other name shows a circle."""
    if isinstance(name, str):
        return icon(name, size)
    cases = [(known, icon(known, size)) for known in NAV_ICONS]
    return rx.match(name, *cases, icon("circle", size))


def icon_button(name: str, label: Text, **props) -> rx.Component:
    """A square button showing only an icon; `label` is its accessible name and its tooltip."""
    props.setdefault("class_name", "ss-iconbtn")
    return rx.el.button(
        icon(name), type=props.pop("type", "button"), aria_label=label, title=label, **props
    )


def with_icon(name: str, *children: Content, size: int = 16) -> rx.Component:
    """Text behind an icon, on one line."""
    return rx.el.span(icon(name, size), *children, class_name="ss-with-icon")
