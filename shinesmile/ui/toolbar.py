"""The line above a table: search, filters, actions."""

from collections.abc import Sequence

import reflex as rx

from .fields import option_list
from .icons import icon
from .types import Content, Handler, Text


def toolbar(*children: Content) -> rx.Component:
    """Search and filters on the left; give the first action `margin_left="auto"` to push it right."""
    return rx.el.div(*children, class_name="ss-toolbar", role="search")


def search_field(
    label: str, on_change: Handler, *, placeholder: str = "", testid: str = "search"
) -> rx.Component:
    """A search box with its label for screen readers; pass `State.search.debounce(250)`.

    What it shows is set by rx.set_value under its `testid`, so that typing is never disturbed.
    """
    return rx.el.label(
        icon("search", 16),
        rx.el.span(label, class_name="ss-sr"),
        rx.el.input(
            type="search",
            id=testid,
            placeholder=placeholder or label,
            on_change=on_change,
            class_name="ss-input ss-search-input",
            data_testid=testid,
            auto_complete="off",
        ),
        class_name="ss-search",
    )


def filter_select(
    label: str,
    options: Sequence[tuple[str, str]] | rx.Var,
    on_change: Handler,
    *,
    value: Text | None = None,
    testid: str = "",
) -> rx.Component:
    """A compact native select with its label inside the frame."""
    props = {} if value is None else {"value": value}
    return rx.el.label(
        rx.el.span(label, class_name="ss-filter-label"),
        rx.el.select(
            option_list(options),
            on_change=on_change,
            class_name="ss-filter-select",
            data_testid=testid,
            **props,
        ),
        icon("chevron-down", 15),
        class_name="ss-filter",
    )
