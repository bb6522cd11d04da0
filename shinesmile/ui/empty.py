"""What a screen shows before there is something to show."""

import reflex as rx

from .icons import icon
from .types import Text, is_blank


def empty_state(
    icon_name: str, title: Text, text: Text = "", action: rx.Component | None = None
) -> rx.Component:
    """A calm panel: nothing here, why, and what to do next."""
    return rx.el.div(
        rx.el.span(icon(icon_name, 24), class_name="ss-empty-mark"),
        rx.el.p(title, class_name="ss-empty-title"),
        rx.el.p(text, class_name="ss-empty-text") if not is_blank(text) else rx.fragment(),
        action if action is not None else rx.fragment(),
        class_name="ss-empty",
        data_testid="empty-state",
    )


def skeleton(width: str = "100%", height: str = "12px") -> rx.Component:
    """One shimmering bar."""
    return rx.el.span(class_name="ss-skeleton", width=width, height=height, aria_hidden="true")


def loading_rows(count: int = 5) -> rx.Component:
    """Bars in place of a list that is on its way."""
    widths = ("92%", "78%", "85%", "64%", "88%")
    return rx.el.div(
        *[skeleton(widths[n % len(widths)], "14px") for n in range(count)],
        class_name="ss-loading-rows",
        role="status",
        aria_label="Loading",
    )


def skeleton_card() -> rx.Component:
    """A card that is on its way."""
    return rx.el.div(
        skeleton("40%", "12px"),
        skeleton("70%", "22px"),
        skeleton("90%", "12px"),
        class_name="ss-card ss-skeleton-card",
        role="status",
        aria_label="Loading",
    )
