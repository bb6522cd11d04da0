"""The bell, and the outbox for admins."""

import reflex as rx

from shinesmile import ui
from shinesmile.notifications.live import MailRow
from shinesmile.notifications.state import BellState, OutboxState
from shinesmile.ui.page import Page


def bell() -> rx.Component:
    """The bell of every signed-in page."""
    return ui.bell(
        BellState.unread, BellState.items, BellState.read, BellState.read_all, BellState.clear
    )


def outbox() -> rx.Component:
    """The newest mails and what became of them."""
    return ui.table(
        ["To", "Subject", "Written", "State"],
        OutboxState.rows,
        _mail,
        testid="outbox-table",
        loaded=OutboxState.loaded,
        empty=ui.empty_state(
            "mail", "The outbox is empty", "Mail that the clinic sends is listed here."
        ),
    )


def _mail(mail: MailRow) -> rx.Component:
    return ui.row(
        {
            "To": mail.recipient,
            "Subject": rx.el.details(
                rx.el.summary(mail.subject), rx.el.pre(mail.body, class_name="ss-mail")
            ),
            "Written": mail.when,
            "State": rx.match(
                mail.state,
                ("sent", ui.badge("Sent", "circle-check", "green")),
                ("failing", ui.badge(mail.problem, "circle-alert", "red")),
                ui.badge("Waiting", "hourglass", "amber"),
            ),
        },
        key=mail.id.to_string(),
        testid="mail-row",
    )


PAGES = (
    Page(
        "/admin/outbox",
        "Outbox",
        outbox(),
        on_load=[OutboxState.open],
        subtitle="Without a mail server, mail waits here.",
    ),
)
