"""Statuses, severities and roles: always a word and a shape, never colour alone."""

from typing import Final

import reflex as rx

from .icons import icon
from .types import Text

STATUSES: Final = {
    "requested": ("Requested", "hourglass", "amber"),
    "scheduled": ("Scheduled", "calendar-days", "blue"),
    "confirmed": ("Confirmed", "calendar-check", "teal"),
    "arrived": ("Arrived", "map-pin-check", "cyan"),
    "checked_in": ("Checked in", "clipboard-check", "cyan"),
    "in_progress": ("In progress", "activity", "violet"),
    "completed": ("Completed", "circle-check", "green"),
    "cancelled": ("Cancelled", "circle-x", "gray"),
    "declined": ("Declined", "ban", "red"),
    "no_show": ("No-show", "user-x", "red"),
    "waitlisted": ("Waitlisted", "list-ordered", "amber"),
    "entered_in_error": ("Entered in error", "eraser", "gray"),
}

SEVERITIES: Final = {
    "success": ("circle-check", "green", "Success"),
    "info": ("info", "blue", "Information"),
    "warning": ("triangle-alert", "orange", "Warning"),
    "error": ("circle-alert", "red", "Error"),
}

ROLES: Final = {
    "customer": "Customer",
    "receptionist": "Receptionist",
    "checker_doctor": "Checker doctor",
    "optometrist": "Optometrist",
    "dentist": "Dentist",
    "staff": "Staff",
    "manager": "Manager",
    "admin": "Administrator",
}


def badge(label: Text, icon_name: str, color: str = "gray") -> rx.Component:
    """A word in a tinted pill. `color` is one of the hues of tokens.css."""
    return rx.el.span(icon(icon_name, 14), rx.el.span(label), class_name="ss-badge", data_hue=color)


def status_badge(status: Text) -> rx.Component:
    """The badge of an appointment's or visit's status; an unknown status shows as it is."""
    cases = [(name, badge(*look)) for name, look in STATUSES.items()]
    return rx.match(status, *cases, badge(status, "circle"))


def severity_icon(severity: Text, size: int = 18) -> rx.Component:
    """The coloured icon of a severity, with its name for screen readers."""
    cases = [(name, _severity_mark(*look, size)) for name, look in SEVERITIES.items()]
    return rx.match(severity, *cases, _severity_mark(*SEVERITIES["info"], size))


def role_label(role: Text) -> rx.Var[str]:
    """The role's human name, as text."""
    return rx.match(role, *ROLES.items(), role)


def role_badge(role: Text) -> rx.Component:
    """The role in a quiet pill."""
    return rx.el.span(role_label(role), class_name="ss-badge", data_hue="gray")


def _severity_mark(name: str, color: str, label: str, size: int) -> rx.Component:
    return rx.el.span(
        icon(name, size),
        rx.el.span(label, class_name="ss-sr"),
        class_name="ss-severity",
        data_hue=color,
    )
