"""Free times of a day, as buttons."""

import reflex as rx

from .empty import empty_state
from .icons import icon
from .types import Handler, Item, Text


def slot_grid(
    slots: rx.Var, on_pick: Handler, picked: Text = "", *, label: str = "Free times"
) -> rx.Component:
    """Slots carry start (ISO time), label ("10:30") and state (free or held); the picked one is mine.

    Picking calls `on_pick(slot.start)`. One that is held may be refused.
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
    chosen = slot.start == picked
    held = (slot.state == "held") & ~chosen
    return rx.el.button(
        slot.label,
        rx.cond(held, rx.fragment(icon("lock", 13), _spoken("being booked by someone else"))),
        rx.cond(chosen, rx.fragment(icon("check", 14), _spoken("held for you"))),
        type="button",
        key=slot.start,
        class_name="ss-slot",
        data_testid="slot",
        data_start=slot.start,
        data_state=rx.cond(chosen, "mine", slot.state),
        aria_pressed=rx.cond(chosen, "true", "false"),
        on_click=on_pick(slot.start),
    )


def _spoken(text: str) -> rx.Component:
    return rx.el.span(text, class_name="ss-sr")
