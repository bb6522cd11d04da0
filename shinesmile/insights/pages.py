"""The tiles of the overview."""

import reflex as rx

from shinesmile import ui
from shinesmile.insights.state import NumbersState


def numbers() -> rx.Component:
    """Today's numbers as tiles."""
    return ui.tiles(
        ui.stat_tile("today", "Today", NumbersState.today, "calendar-days"),
        ui.stat_tile("pending", "Requests", NumbersState.pending, "hourglass", hue="amber"),
        ui.stat_tile("completed", "Completed", NumbersState.completed, "circle-check", hue="green"),
        ui.stat_tile("cancelled", "Cancelled", NumbersState.cancelled, "circle-x", hue="gray"),
        ui.stat_tile("no-shows", "No-shows", NumbersState.no_shows, "user-x", hue="red"),
        ui.stat_tile("revenue", "Revenue", NumbersState.revenue, "banknote", hue="teal"),
        ui.stat_tile("online", "Online now", NumbersState.online, "radio", hue="blue"),
    )
