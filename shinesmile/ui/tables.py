"""Tables that are tables on a desk and cards in a hand."""

from collections.abc import Mapping, Sequence

import reflex as rx

from .empty import skeleton
from .icons import icon_button
from .types import Content, Handler, RenderRow, Text


def table(
    columns: Sequence[str],
    rows: rx.Var,
    render_row: RenderRow,
    *,
    testid: str,
    loaded: rx.Var[bool] | bool = True,
    empty: rx.Component,
    caption: str = "",
    skeleton_rows: int = 6,
) -> rx.Component:
    """A live table: skeleton until `loaded`, `empty` when there are no rows, then one `row` each.

    An empty column name is announced as "Actions" and not drawn.
    """
    filled = rx.el.tbody(rx.foreach(rows, render_row), role="rowgroup")
    nothing = rx.el.tbody(
        rx.el.tr(rx.el.td(empty, col_span=len(columns)), class_name="ss-tr-empty"), role="rowgroup"
    )
    body = rx.cond(
        loaded,
        rx.cond(rows.length() > 0, filled, nothing),
        _skeleton(columns, skeleton_rows),
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="ss-sr") if caption else rx.fragment(),
            rx.el.thead(
                rx.el.tr(*[_heading(name) for name in columns], role="row"), role="rowgroup"
            ),
            body,
            role="table",
            class_name="ss-table",
            data_testid=testid,
            aria_busy=rx.cond(loaded, "false", "true"),
        ),
        class_name="ss-table-box",
    )


def row(
    cells: Mapping[str, Content],
    *,
    key: Text,
    testid: str = "",
    status: Text = "",
    **props,
) -> rx.Component:
    """One row: column name → content. `key` is the record's id, shown as data-id.

    Content under an empty column name stands at the end, without a label on narrow screens.
    """
    if testid:
        props["data_testid"] = testid
    return rx.el.tr(
        *[_cell(name, content) for name, content in cells.items()],
        key=key,
        role="row",
        data_id=key,
        data_status=status,
        **props,
    )


def pager(
    page: rx.Var[int], pages: rx.Var[int], total: rx.Var[int], on_prev: Handler, on_next: Handler
) -> rx.Component:
    """Previous and next, and where we are. Pages count from 1."""
    return rx.el.nav(
        rx.el.span(total, " in all", class_name="ss-pager-total"),
        rx.el.span("Page ", page, " of ", pages, aria_live="polite"),
        icon_button("chevron-left", "Previous page", on_click=on_prev, disabled=page <= 1),
        icon_button("chevron-right", "Next page", on_click=on_next, disabled=page >= pages),
        class_name="ss-pager",
        aria_label="Pages",
    )


def _heading(name: str) -> rx.Component:
    shown = name or rx.el.span("Actions", class_name="ss-sr")
    return rx.el.th(shown, scope="col", role="columnheader")


def _cell(name: str, content: Content) -> rx.Component:
    return rx.el.td(
        rx.el.div(content, class_name="ss-cell"),
        role="cell",
        data_label=name,
        class_name="" if name else "ss-td-actions",
    )


def _skeleton(columns: Sequence[str], count: int) -> rx.Component:
    bars = [_cell(name, skeleton(f"{45 + 17 * n % 40}%")) for n, name in enumerate(columns)]
    return rx.el.tbody(
        *[rx.el.tr(*bars, role="row", class_name="ss-tr-skeleton") for _ in range(count)],
        role="rowgroup",
        aria_hidden="true",
    )
