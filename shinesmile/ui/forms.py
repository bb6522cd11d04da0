"""The form around its fields: layout, what went wrong, and the button that sends it."""

import reflex as rx

from .icons import icon
from .types import Content, Text


def form_grid(*fields: Content) -> rx.Component:
    """Fields side by side where there is room."""
    return rx.el.div(*fields, class_name="ss-form-grid")


def form_actions(*buttons: Content) -> rx.Component:
    """The buttons at a form's end."""
    return rx.el.div(*buttons, class_name="ss-form-actions")


def submit_button(
    label: Text,
    loading: rx.Var[bool] | bool = False,
    *,
    testid: str = "",
    wide: bool = False,
    **props,
) -> rx.Component:
    """The form's main button; while `loading` it cannot be pressed twice and shows that it works."""
    if testid:
        props["data_testid"] = testid
    props.setdefault("class_name", "ss-btn ss-btn-solid" + (" ss-btn-wide" if wide else ""))
    return rx.el.button(
        rx.cond(loading, rx.el.span(class_name="ss-spinner", aria_hidden="true")),
        label,
        type="submit",
        disabled=loading,
        aria_busy=rx.cond(loading, "true", "false"),
        **props,
    )


def form_error(message: Text) -> rx.Component:
    """A banner above the form's buttons; nothing while the message is empty."""
    return rx.cond(
        message != "",
        rx.el.div(
            icon("circle-alert"),
            rx.el.span(message),
            role="alert",
            class_name="ss-banner",
            data_hue="red",
            data_testid="form-error",
        ),
    )


def native_form(*children: Content, action: str, **props) -> rx.Component:
    """A form that the browser posts itself. rx.el.form would stop the post and send an event."""
    form = rx.el.form(*children, action=action, method="post", **props)
    form.event_triggers.pop("on_submit", None)
    return form
