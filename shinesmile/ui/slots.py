"""Free times of a day, as buttons."""

import reflex as rx

from .empty import empty_state
from .icons import icon
from .types import Handler, Item, Text


def slot_grid(
    slots: rx.Var, on_pick: Handler, picked: Text = "", *, label: str = "Free times"
) -> rx.Component:
    """Slots carry start (ISO time), label ("10:30") and state (free, held, mine).

    Picking calls `on_pick(slot.start)`. A slot held by somebody else cannot be picked.
    """
    return rx.cond(
        slots.length() > 0,
        rx.el.div(
            rx.foreach(slots, lambda slot: _slot(slot, on_pick, picked)),
            class_name="ss-slots",
            role="group",
            aria_label=label,
        ),
        empty_state("calendar-x", "No free times on this day", "Try another day or practitioner."),
    )


def _slot(slot: Item, on_pick: Handler, picked: Text) -> rx.Component:
    chosen = (slot.start == picked) | (slot.state == "mine")
    return rx.el.button(
        slot.label,
        rx.cond(
            slot.state == "held", rx.fragment(icon("lock", 13), _spoken("held by someone else"))
        ),
        rx.cond(chosen, rx.fragment(icon("check", 14), _spoken("held for you"))),
        type="button",
        key=slot.start,
        class_name="ss-slot",
        data_testid="slot",
        data_start=slot.start,
        data_state=slot.state,
        aria_pressed=rx.cond(chosen, "true", "false"),
        disabled=slot.state == "held",
        on_click=on_pick(slot.start),
    )


def _spoken(text: str) -> rx.Component:
    return rx.el.span(text, class_name="ss-sr")
