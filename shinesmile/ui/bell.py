"""The bell: how many unread, the latest of them, and how to be rid of them."""

import reflex as rx

from .badges import severity_icon
from .empty import empty_state
from .icons import icon
from .links import link
from .types import Handler, Item


def bell(
    count: rx.Var[int], items: rx.Var, on_read: Handler, on_read_all: Handler, on_clear: Handler
) -> rx.Component:
    """The notification bell. Items carry id, title, body, severity, link, when, unread."""
    return rx.popover.root(
        rx.popover.trigger(_button(count)),
        rx.popover.content(
            _header(on_read_all, on_clear),
            rx.el.div(
                rx.cond(
                    items.length() > 0,
                    rx.el.ul(
                        rx.foreach(items, lambda item: _entry(item, on_read)),
                        class_name="ss-bell-items",
                    ),
                    empty_state(
                        "bell-off", "You are all caught up", "New notifications appear here."
                    ),
                ),
                data_testid="bell-list",
                class_name="ss-bell-list",
            ),
            rx.popover.close(
                link("All notifications", href="/notifications", class_name="ss-bell-foot")
            ),
            align="end",
            class_name="ss-popover ss-bell-panel",
            aria_label="Notifications",
        ),
    )


def _button(count: rx.Var[int]) -> rx.Component:
    shown = rx.cond(count > 99, "99+", count.to_string())
    label = rx.cond(count > 0, f"Notifications, {shown} unread", "Notifications, none unread")
    return rx.el.button(
        icon("bell", 20),
        rx.cond(
            count > 0,
            rx.el.span(
                shown,
                class_name="ss-bell-count",
                data_testid="bell-count",
                aria_hidden="true",
            ),
        ),
        type="button",
        class_name="ss-iconbtn ss-bell",
        data_testid="bell",
        aria_label=label,
    )


def _header(on_read_all: Handler, on_clear: Handler) -> rx.Component:
    return rx.el.div(
        rx.el.h2("Notifications", class_name="ss-bell-title"),
        rx.el.button(
            icon("check-check", 15),
            "Mark all read",
            type="button",
            on_click=on_read_all,
            class_name="ss-textbtn",
            data_testid="mark-all-read",
        ),
        rx.el.button(
            icon("trash-2", 15),
            "Clear all",
            type="button",
            on_click=on_clear,
            class_name="ss-textbtn",
            data_testid="clear-all",
        ),
        class_name="ss-bell-head",
    )


def _entry(item: Item, on_read: Handler) -> rx.Component:
    parts = (
        severity_icon(item.severity),
        rx.el.span(
            rx.el.span(item.title, class_name="ss-bell-item-title"),
            rx.el.span(item.body, class_name="ss-bell-item-body"),
            rx.el.span(item.when, class_name="ss-bell-item-when"),
            class_name="ss-bell-item-text",
        ),
        rx.cond(
            item.unread,
            rx.el.span(rx.el.span("Unread", class_name="ss-sr"), class_name="ss-unread"),
        ),
    )
    props = {
        "class_name": "ss-bell-item",
        "data_testid": "notification-item",
        "data_id": item.id,
        "data_unread": rx.cond(item.unread, "true", "false"),
        "on_click": on_read(item.id),
    }
    return rx.el.li(
        rx.cond(
            item.link != "",
            rx.popover.close(link(*parts, href=item.link, **props)),
            rx.el.button(*parts, type="button", **props),
        ),
        key=item.id,
    )
