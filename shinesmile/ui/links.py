"""Links that stay inside the app (no page reload) and links that look like buttons."""

import reflex as rx
from reflex_components_core.react_router import link as router_link

from .icons import icon
from .types import Content, Text


def link(*children: Content, href: Text, **props) -> rx.Component:
    """A link to another page of the app, followed without reloading."""
    props.setdefault("class_name", "ss-link")
    return router_link(*children, to=href, **props)


def button_link(
    label: Text, href: Text, *, icon_name: str = "", variant: str = "solid", **props
) -> rx.Component:
    """A link drawn as a button. Variants: solid, soft, outline, ghost."""
    mark = [icon(icon_name, 16)] if icon_name else []
    return router_link(*mark, label, to=href, class_name=f"ss-btn ss-btn-{variant}", **props)


def skip_link() -> rx.Component:
    """The first stop of the keyboard: over the navigation, to the content."""
    focus = "() => document.getElementById('content')?.focus()"
    return rx.el.button(
        "Skip to content",
        type="button",
        class_name="ss-skip",
        custom_attrs={"onClick": rx.Var(focus)},
    )
