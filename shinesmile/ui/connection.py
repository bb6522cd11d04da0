"""Is this page live? A dot in the header, a thin banner when it is not, and nothing in the way."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors, has_too_many_connection_errors

from .icons import icon
from .wire import LinkWatch, link_state, lost_at


def connection_state() -> rx.Var[str]:
    """connected, connecting or disconnected, as the browser knows it."""
    disconnected = has_too_many_connection_errors | (link_state == "down")
    live = rx.State.is_hydrated | (link_state == "up")
    connecting = has_connection_errors | (link_state == "dropped") | ~live
    return rx.cond(disconnected, "disconnected", rx.cond(connecting, "connecting", "connected"))


def connection_dot() -> rx.Component:
    """Green, yellow or red, and the word; on narrow screens the word is for screen readers."""
    state = connection_state()
    word = rx.match(state, ("connected", "Live"), ("disconnected", "Offline"), "Connecting…")
    return rx.el.span(
        rx.el.span(class_name="ss-dot", aria_hidden="true"),
        rx.el.span(word, class_name="ss-dot-word"),
        class_name="ss-connection",
        data_testid="connection-dot",
        data_state=state,
        role="status",
        title=word,
    )


def offline_banner() -> rx.Component:
    """One line at the top while disconnected; takes no clicks and moves the page down."""
    since = rx.cond(lost_at != "", f" from {lost_at}", " from earlier")
    return rx.cond(
        connection_state() == "disconnected",
        rx.el.div(
            icon("wifi-off", 16),
            rx.el.span("You are offline. What you see is", since, "; it will update by itself."),
            class_name="ss-offline",
            role="alert",
            data_testid="offline-banner",
        ),
    )


def overlay() -> rx.Component:
    """Takes the place of Reflex's connection toast: watches the socket and shows the banner."""
    return rx.fragment(LinkWatch.create(), offline_banner())
