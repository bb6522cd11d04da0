"""Fields with real labels, and the error beside the field."""

from collections.abc import Sequence
from typing import TypeAlias

import reflex as rx

from .icons import icon
from .types import Text, is_blank

Options: TypeAlias = Sequence[tuple[str, str]] | rx.Var


def field(
    label: Text,
    control: rx.Component,
    *,
    name: str,
    error: Text = "",
    hint: Text = "",
    optional: bool = False,
) -> rx.Component:
    """A label, a control whose id is `name`, a hint, and the error as an alert."""
    tag = rx.el.span("optional", class_name="ss-optional") if optional else rx.fragment()
    return rx.el.div(
        rx.el.label(label, tag, html_for=name, class_name="ss-label"),
        control,
        rx.el.p(hint, id=f"{name}-hint", class_name="ss-hint")
        if not is_blank(hint)
        else rx.fragment(),
        rx.el.p(
            rx.cond(_given(error), rx.fragment(icon("circle-alert", 14), error)),
            id=f"{name}-error",
            role="alert",
            class_name="ss-error",
        ),
        class_name="ss-field",
    )


def text_field(
    label: Text,
    name: str,
    *,
    error: Text = "",
    hint: Text = "",
    type: str = "text",
    optional: bool = False,
    testid: str = "",
    **props,
) -> rx.Component:
    """A one-line input. Uncontrolled unless `value` is given: an edit in progress survives updates."""
    control = rx.el.input(
        type=type, class_name="ss-input", **_described(name, error, testid, optional), **props
    )
    return field(label, control, name=name, error=error, hint=hint, optional=optional)


def text_area_field(
    label: Text,
    name: str,
    *,
    error: Text = "",
    hint: Text = "",
    rows: int = 4,
    optional: bool = False,
    testid: str = "",
    **props,
) -> rx.Component:
    """A text area."""
    control = rx.el.textarea(
        rows=str(rows), class_name="ss-input", **_described(name, error, testid, optional), **props
    )
    return field(label, control, name=name, error=error, hint=hint, optional=optional)


def select_field(
    label: Text,
    name: str,
    options: Options,
    *,
    error: Text = "",
    hint: Text = "",
    placeholder: str = "",
    optional: bool = False,
    testid: str = "",
    **props,
) -> rx.Component:
    """A native select. Options: (value, label) pairs, or a Var of objects with value and label."""
    first = rx.el.option(placeholder, value="") if placeholder else rx.fragment()
    control = rx.el.div(
        rx.el.select(
            first,
            option_list(options),
            class_name="ss-input",
            **_described(name, error, testid, optional),
            **props,
        ),
        icon("chevron-down", 16),
        class_name="ss-select",
    )
    return field(label, control, name=name, error=error, hint=hint, optional=optional)


def option_list(options: Options) -> rx.Component:
    """The options of a select."""
    if isinstance(options, rx.Var):
        return rx.foreach(
            options, lambda option: rx.el.option(option.label, value=option.value, key=option.value)
        )
    return rx.fragment(*[rx.el.option(label, value=value) for value, label in options])


def check_field(
    label: Text, name: str, *, hint: Text = "", testid: str = "", **props
) -> rx.Component:
    """A checkbox with its label at the right."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, id=name, data_testid=testid or name, **props),
        rx.el.span(
            label, rx.el.span(hint, class_name="ss-hint") if not is_blank(hint) else rx.fragment()
        ),
        class_name="ss-check",
    )


def _described(name: str, error: Text, testid: str, optional: bool) -> dict:
    return {
        "id": name,
        "name": name,
        "data_testid": testid or name,
        "aria_describedby": f"{name}-error {name}-hint",
        "aria_invalid": rx.cond(_given(error), "true", "false"),
        "required": not optional,
    }


def _given(error: Text) -> rx.Var[bool]:
    """Whether there is an error; a key that a state's dict of errors lacks is none."""
    return rx.Var.create(error).bool()
