"""The pieces of the landing page and of the catalogue."""

import reflex as rx

from .icons import icon, named_icon, with_icon
from .links import button_link
from .types import Content, Text


def hero(title: Text, text: Text, *actions: Content) -> rx.Component:
    """The first thing a visitor reads."""
    return rx.el.section(
        rx.el.div(
            rx.el.h1(title, class_name="ss-hero-title"),
            rx.el.p(text, class_name="ss-hero-text"),
            rx.el.div(*actions, class_name="ss-hero-actions"),
        ),
        _picture(),
        class_name="ss-hero",
    )


def _picture() -> rx.Component:
    return rx.el.div(
        rx.el.img(src="/mark.svg", alt="", class_name="ss-hero-mark"),
        rx.el.div(
            rx.el.span(icon("check", 22), class_name="ss-tile-icon", data_hue="teal"),
            rx.el.span(rx.el.strong("Visit confirmed"), rx.el.span("Tomorrow, 10:30")),
            class_name="ss-hero-note ss-hero-note-a",
        ),
        rx.el.div(
            rx.el.span("Your place in the queue"),
            rx.el.span(rx.el.span(class_name="ss-dot"), "Live", class_name="ss-hero-live"),
            rx.el.strong("2nd"),
            rx.el.span(class_name="ss-hero-bar"),
            class_name="ss-hero-note ss-hero-note-b",
        ),
        class_name="ss-hero-art",
        aria_hidden="true",
    )


def section(title: Text, *children: Content, text: Text = "") -> rx.Component:
    """A titled part of a public page; its children stand in a grid of cards."""
    return rx.el.section(
        rx.el.h2(title, class_name="ss-section-title"),
        rx.el.p(text, class_name="ss-section-text"),
        rx.el.div(*children, class_name="ss-cards"),
        class_name="ss-section",
    )


def service_card(
    name: Text,
    description: Text,
    minutes: Text | int,
    price: Text,
    icon_name: Text,
    href: Text,
    **props,
) -> rx.Component:
    """A service: what it is, how long it takes, what it costs, and the way to book it."""
    return rx.el.article(
        rx.el.span(named_icon(icon_name, 22), class_name="ss-tile-icon", data_hue="teal"),
        rx.el.h3(name, class_name="ss-card-title"),
        rx.el.p(description, class_name="ss-card-text"),
        rx.el.p(
            with_icon("clock", minutes, " min"),
            rx.el.span(price, class_name="ss-price"),
            class_name="ss-card-facts",
        ),
        button_link("Book", href, variant="soft", aria_label=f"Book {name}"),
        class_name="ss-card ss-offer",
        **props,
    )


def branch_card(
    name: Text, address: Text, hours: Text, phone: Text, href: Text, **props
) -> rx.Component:
    """A branch: where, when, and the way to book there."""
    return rx.el.article(
        rx.el.h3(name, class_name="ss-card-title"),
        rx.el.ul(
            rx.el.li(icon("map-pin", 16), rx.el.span(address)),
            rx.el.li(icon("clock", 16), rx.el.span(hours)),
            rx.el.li(icon("phone", 16), rx.el.span(phone)),
            class_name="ss-facts",
        ),
        button_link("Book here", href, variant="soft", aria_label=f"Book here, {name}"),
        class_name="ss-card ss-offer",
        **props,
    )
