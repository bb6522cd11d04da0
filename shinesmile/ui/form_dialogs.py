"""A form in a dialog, for adding and editing one record."""

import reflex as rx

from .dialogs import RETURN_FOCUS, button
from .fields import check_field
from .forms import submit_button
from .types import Content, Handler, Text


def form_dialog(
    open: rx.Var[bool],
    title: Text,
    *fields: Content,
    on_submit: Handler,
    on_cancel: Handler,
    save_label: str = "Save",
) -> rx.Component:
    """Fields and buttons while `open`; `on_submit` gets the form's values. Escape is `on_cancel`."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, class_name="ss-dialog-title"),
            rx.el.form(
                *fields,
                rx.el.div(
                    button("Go back", variant="soft", on_click=on_cancel),
                    submit_button(save_label, testid="save"),
                    class_name="ss-dialog-actions",
                ),
                on_submit=on_submit,
                no_validate=True,
                class_name="ss-stack",
            ),
            aria_describedby="",
            custom_attrs=RETURN_FOCUS,
            class_name="ss-dialog",
        ),
        open=open,
        on_open_change=on_cancel,
    )


def check_list(
    label: Text, prefix: str, options: rx.Var, chosen: rx.Var, error: Text = ""
) -> rx.Component:
    """A checkbox named `{prefix}_{value}` for each option; ticked where `chosen` has its value."""
    return rx.el.fieldset(
        rx.el.legend(label, class_name="ss-label"),
        rx.foreach(
            options,
            lambda option: check_field(
                option.label,
                f"{prefix}_{option.value}",
                default_checked=chosen.contains(option.value),
            ),
        ),
        rx.el.p(error, role="alert", class_name="ss-error"),
        class_name="ss-field ss-checks",
    )
