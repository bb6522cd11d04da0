"""Where one can go: the sidebar on a desk, a drawer in a hand."""

import reflex as rx

from .brand import brand
from .empty import skeleton
from .icons import icon_button, named_icon
from .links import link
from .types import Item, Text


def sidebar(nav: rx.Var, active: str, ready: rx.Var[bool], home: Text) -> rx.Component:
    """The permanent navigation of wide screens."""
    return rx.el.aside(
        rx.el.div(brand(home), nav_list(nav, active, ready)), class_name="ss-sidebar"
    )


def nav_drawer(nav: rx.Var, active: str, ready: rx.Var[bool], home: Text) -> rx.Component:
    """The menu button of narrow screens and the drawer that it opens."""
    return rx.dialog.root(
        rx.dialog.trigger(
            icon_button("menu", "Open menu", class_name="ss-iconbtn ss-narrow", data_testid="menu")
        ),
        rx.dialog.content(
            rx.el.div(
                rx.dialog.title("Menu", class_name="ss-sr"),
                brand(home),
                rx.dialog.close(icon_button("x", "Close menu")),
                class_name="ss-drawer-head",
            ),
            nav_list(nav, active, ready, in_drawer=True),
            aria_describedby="",
            class_name="ss-drawer",
        ),
    )


def nav_list(
    nav: rx.Var, active: str, ready: rx.Var[bool], *, in_drawer: bool = False
) -> rx.Component:
    """The links. Items carry label, href and icon (a name of NAV_ICONS)."""

    def entry(item: Item) -> rx.Component:
        target = link(
            named_icon(item.icon),
            rx.el.span(item.label),
            href=item.href,
            class_name="ss-nav-link",
            aria_current=rx.cond(item.href == active, "page", "false"),
        )
        return rx.el.li(rx.dialog.close(target) if in_drawer else target, key=item.href)

    waiting = [rx.el.li(skeleton(f"{w}%", "14px"), class_name="ss-nav-wait") for w in (62, 78, 55)]
    return rx.el.nav(
        rx.el.ul(rx.cond(ready, rx.foreach(nav, entry), rx.fragment(*waiting))),
        class_name="ss-nav",
        aria_label="Main",
    )
