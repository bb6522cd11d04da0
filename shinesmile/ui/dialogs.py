"""Questions before an act that cannot be taken back."""

from typing import Final

import reflex as rx

from .fields import text_area_field
from .forms import submit_button
from .types import Handler, Text

#: A dialog without a trigger of its own gives the focus back to whatever opened it. Its first
#: field takes the focus by itself: `auto_focus` would take it before the opener is remembered.
RETURN_FOCUS: Final[dict[str, rx.Var]] = {
    "onOpenAutoFocus": rx.Var("() => { globalThis.dialogOpener = document.activeElement; }"),
    "onCloseAutoFocus": rx.Var(
        "(event) => { event.preventDefault(); globalThis.dialogOpener?.focus(); }"
    ),
}


def confirm_dialog(
    trigger: rx.Component,
    title: Text,
    body: Text,
    confirm_label: str,
    on_confirm: Handler,
    danger: bool = False,
) -> rx.Component:
    """Asks before `on_confirm`. `trigger` is a button; focus returns to it."""
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(trigger),
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, class_name="ss-dialog-title"),
            rx.alert_dialog.description(body, class_name="ss-dialog-text"),
            rx.el.div(
                rx.alert_dialog.cancel(button("Keep as it is", variant="soft")),
                rx.alert_dialog.action(
                    button(
                        confirm_label,
                        variant="danger" if danger else "solid",
                        on_click=on_confirm,
                        data_testid="confirm",
                    )
                ),
                class_name="ss-dialog-actions",
            ),
            class_name="ss-dialog",
        ),
    )


def reason_dialog(
    open: rx.Var[bool],
    title: Text,
    label: Text,
    on_submit: Handler,
    on_cancel: Handler,
    error: Text = "",
    *,
    confirm_label: str = "Confirm",
    loading: rx.Var[bool] | bool = False,
    danger: bool = True,
    name: str = "reason",
) -> rx.Component:
    """Asks for a reason while `open`. `on_submit` gets form data with "reason"; Escape is `on_cancel`."""
    style = "ss-btn ss-btn-danger" if danger else "ss-btn ss-btn-solid"
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, class_name="ss-dialog-title"),
            rx.el.form(
                text_area_field(label, name, error=error, rows=3, max_length=500),
                rx.el.div(
                    button("Go back", variant="soft", on_click=on_cancel),
                    submit_button(
                        confirm_label, loading, class_name=style, testid=f"{name}-submit"
                    ),
                    class_name="ss-dialog-actions",
                ),
                on_submit=on_submit,
                no_validate=True,
            ),
            aria_describedby="",
            class_name="ss-dialog",
            custom_attrs=RETURN_FOCUS,
        ),
        open=open,
        on_open_change=on_cancel,
    )


def button(label: Text, *children: rx.Component, variant: str = "solid", **props) -> rx.Component:
    """A plain button. Variants: solid, soft, outline, ghost, danger."""
    props.setdefault("type", "button")
    return rx.el.button(*children, label, class_name=f"ss-btn ss-btn-{variant}", **props)
