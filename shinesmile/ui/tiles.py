"""Numbers at a glance."""

import reflex as rx

from .icons import icon
from .types import Content, Text, is_blank


def stat_tile(
    name: str, label: Text, value: Content, icon_name: str, *, hint: Text = "", hue: str = "teal"
) -> rx.Component:
    """A number with its label and icon. The element `stat-{name}` holds the bare number only."""
    return rx.el.div(
        rx.el.span(icon(icon_name, 20), class_name="ss-tile-icon", data_hue=hue),
        rx.el.div(
            rx.el.p(label, class_name="ss-tile-label", id=f"stat-{name}-label"),
            rx.el.p(
                value,
                class_name="ss-tile-value",
                data_testid=f"stat-{name}",
                aria_labelledby=f"stat-{name}-label",
            ),
            rx.el.p(hint, class_name="ss-tile-hint") if not is_blank(hint) else rx.fragment(),
        ),
        class_name="ss-card ss-tile",
    )


def tiles(*children: Content) -> rx.Component:
    """A row of tiles that wraps to the width it has."""
    return rx.el.div(*children, class_name="ss-tiles")


def card(
    *children: Content, title: Text = "", action: rx.Component | None = None, **props
) -> rx.Component:
    """A panel with an optional heading and an action at its right."""
    head = rx.el.div(
        rx.el.h2(title, class_name="ss-card-title"),
        action if action is not None else rx.fragment(),
        class_name="ss-card-head",
    )
    return rx.el.section(
        rx.fragment() if is_blank(title) else head,
        *children,
        class_name="ss-card ss-panel",
        **props,
    )
