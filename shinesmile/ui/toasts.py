"""Toasts are Sonner's own; the server pushes them as rx.toast.<severity>(title, description=...)."""

import reflex as rx
from reflex.event import EventSpec

MILLISECONDS = {"success": 4000, "info": 5000, "warning": 7000, "error": 9000}


def toaster() -> rx.Component:
    """The one toast provider of the app: bottom right, the whole width on a phone."""
    return rx.toast.provider(
        position="bottom-right",
        rich_colors=True,
        close_button=True,
        expand=False,
        visible_toasts=4,
        gap=10,
        offset="20px",
    )


def toast(severity: str, title: str, body: str = "") -> EventSpec:
    """A toast of a severity (success, info, warning, error); the graver, the longer it stays."""
    show = getattr(rx.toast, severity)
    return show(title, duration=MILLISECONDS[severity], **({"description": body} if body else {}))
