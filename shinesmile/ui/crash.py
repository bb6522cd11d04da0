"""What is seen when a page itself breaks, in place of Reflex's own panel."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from .icons import icon


def error_boundary(stateful: bool = True) -> rx.Component:
    """Wraps the whole app; the error still reaches the server's log."""
    props = {} if stateful else {"on_error": rx.noop()}
    return ErrorBoundary.create(fallback_render=rx.Var.create(_apology()), **props)


def _apology() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.span(icon("heart-crack", 24), class_name="ss-empty-mark"),
            rx.el.h1("This page broke", class_name="ss-empty-title"),
            rx.el.p(
                "Nothing you saved is lost, and the error was reported. Loading again often helps.",
                class_name="ss-empty-text",
            ),
            rx.el.button(
                "Load again",
                type="button",
                custom_attrs={"onClick": rx.Var("() => window.location.reload()")},
                class_name="ss-btn ss-btn-solid",
            ),
            class_name="ss-empty",
            role="alert",
        ),
        class_name="ss-crash",
    )
