"""The theme: one accent, one neutral, one type scale. Colours live in assets/styles/tokens.css."""

from typing import Final

import reflex as rx

ACCENT: Final = "teal"
NEUTRAL: Final = "sage"

STYLESHEETS: Final = [
    "/styles/fonts.css",
    "/styles/tokens.css",
    "/styles/base.css",
    "/styles/shell.css",
    "/styles/controls.css",
    "/styles/tables.css",
    "/styles/live.css",
    "/styles/public.css",
    "/styles/records.css",
]

#: Radix colour names of the four severities, the same in badges, toasts and banners.
SEVERITY: Final = {"success": "green", "info": "blue", "warning": "orange", "error": "red"}

#: Steps of the spacing scale in pixels, as CSS variables of tokens.css.
SPACE: Final = {n: f"var(--ss-space-{n})" for n in (1, 2, 3, 4, 5, 6, 8)}

#: Steps of the type scale, as CSS variables of tokens.css.
TYPE: Final = {
    name: f"var(--ss-text-{name})" for name in ("xs", "sm", "md", "lg", "xl", "2xl", "3xl")
}


def head() -> list[rx.Component]:
    """What every page's head needs: icons, the browser's colour, the font before it is asked for."""
    return [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="apple-touch-icon", href="/icon-192.png"),
        rx.el.link(
            rel="preload",
            href="/fonts/figtree-latin-wght-normal.woff2",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        ),
        rx.el.meta(name="theme-color", content="#f5f8f7", media="(prefers-color-scheme: light)"),
        rx.el.meta(name="theme-color", content="#0c1211", media="(prefers-color-scheme: dark)"),
    ]


def theme() -> rx.Component:
    """The Radix theme of the whole app; follows the browser's light or dark until toggled."""
    return rx.theme(
        accent_color=ACCENT,
        gray_color=NEUTRAL,
        radius="large",
        panel_background="solid",
        has_background=True,
    )
