"""The bell as a live view, and the toast that an event becomes."""

from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts.navigation import HOMES
from shinesmile.core import clock
from shinesmile.core.permissions import Action, hearing
from shinesmile.core.scope import Scope
from shinesmile.core.when import ago_text
from shinesmile.notifications import outbox, service
from shinesmile.realtime.log import Event
from shinesmile.realtime.views import EVERY_MINUTE, LiveView, Toast


@dataclass(frozen=True, slots=True)
class BellItem:
    """A notification as the bell lists it."""

    id: int
    title: str
    body: str
    severity: str
    link: str
    when: str
    unread: bool


@dataclass(frozen=True)
class Bell(LiveView):
    """A person's newest notifications and how many are unread."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(f"notification:{each}" for each in self.scope.channels) | {EVERY_MINUTE}

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`items` and `unread`."""
        shown, unread, count = await service.bell(session, self.scope)
        now = clock.now()
        items = [
            BellItem(
                id=each.id or 0,
                title=each.title,
                body=each.body,
                severity=each.severity,
                link=link_for(self.scope, each.link),
                when=ago_text(each.created_at, now),
                unread=each.id in unread,
            )
            for each in shown
        ]
        return {"items": items, "unread": count}


def link_for(scope: Scope, link: str) -> str:
    """Where a notification leads; one that begins with `?` is about the person's own home page."""
    return HOMES[scope.role] + link if link.startswith("?") else link


def toast_of(event: Event) -> Toast:
    """The toast for a `notification.created` event."""
    return Toast(event.data["severity"], event.data["title"], event.data["body"])


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as the outbox lists it; `state` is waiting, sent or failing."""

    id: int
    recipient: str
    subject: str
    body: str
    when: str
    state: str
    problem: str


@dataclass(frozen=True)
class Outbox(LiveView):
    """The newest mails."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(f"mail:{each}" for each in hearing(self.scope, Action.SEE_OUTBOX))

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`rows`."""
        now = clock.now()
        rows = [
            MailRow(
                id=mail.id or 0,
                recipient=mail.recipient,
                subject=mail.subject,
                body=mail.body,
                when=ago_text(mail.created_at, now),
                state="sent" if mail.sent_at else "failing" if mail.problem else "waiting",
                problem=mail.problem,
            )
            for mail in await outbox.newest(session, self.scope)
        ]
        return {"rows": rows}
