"""The frame of every signed-in page."""

from collections.abc import Sequence

import reflex as rx

from .brand import brand, theme_toggle
from .empty import empty_state, skeleton, skeleton_card
from .links import button_link, skip_link
from .navigation import nav_drawer, sidebar
from .types import Content, Text
from .usermenu import user_menu


def shell(
    content: Content,
    *,
    title: str,
    subtitle: Text = "",
    nav: rx.Var,
    active: str,
    user_name: Text,
    user_role: Text,
    connection: rx.Component,
    bell: rx.Component,
    actions: Sequence[rx.Component] | None = None,
    allowed: rx.Var[bool] | bool = True,
    ready: rx.Var[bool] | bool = True,
    home: Text = "/",
) -> rx.Component:
    """Navigation, header and content. Skeleton until `ready`; a kind refusal when not `allowed`.

    `nav` items carry label, href and icon; `active` is the href of this page.
    """
    ready = rx.Var.create(ready).bool()
    tools = rx.el.div(
        connection, theme_toggle(), bell, user_menu(user_name, user_role), class_name="ss-tools"
    )
    return rx.el.div(
        skip_link(),
        sidebar(nav, active, ready, home),
        rx.el.div(
            rx.el.header(
                rx.el.div(
                    nav_drawer(nav, active, ready, home),
                    rx.el.span(brand(home), class_name="ss-narrow"),
                    tools,
                    class_name="ss-topbar",
                ),
                rx.el.div(
                    rx.el.div(
                        rx.el.h1(title, class_name="ss-title"),
                        rx.el.p(subtitle, class_name="ss-subtitle"),
                        class_name="ss-titles",
                    ),
                    rx.el.div(*(actions or []), class_name="ss-actions"),
                    class_name="ss-pagehead",
                ),
                class_name="ss-header",
            ),
            rx.el.main(
                rx.cond(ready, rx.cond(allowed, content, no_access(home)), waiting()),
                id="content",
                tab_index=-1,
                class_name="ss-content",
            ),
            class_name="ss-main",
        ),
        class_name="ss-shell",
    )


def no_access(home: Text) -> rx.Component:
    """This page is for somebody else; here is the way back."""
    return rx.el.div(
        empty_state(
            "shield-x",
            "You do not have access to this page",
            "Your account is fine; this page belongs to another role. "
            "Ask your manager if you need it.",
            button_link("Back to my page", home, icon_name="arrow-left"),
        ),
        class_name="ss-card",
        data_testid="no-access",
    )


def waiting() -> rx.Component:
    """The page's outline while the session is read."""
    return rx.el.div(
        rx.el.div(skeleton_card(), skeleton_card(), skeleton_card(), class_name="ss-tiles"),
        rx.el.div(
            *[skeleton(f"{width}%", "14px") for width in (40, 90, 82, 88, 76)],
            class_name="ss-card ss-skeleton-card",
        ),
        class_name="ss-stack",
        data_testid="loading",
        role="status",
        aria_label="Loading",
    )
