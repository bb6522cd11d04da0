"""The composition root: the app, its pages, its HTTP routes and its background tasks."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import reflex as rx
from reflex.event import EventSpec
from starlette.applications import Starlette

from shinesmile import ui
from shinesmile.accounts import pages as account_pages
from shinesmile.accounts import sessions
from shinesmile.accounts.api import ROUTES as ACCOUNT_ROUTES
from shinesmile.accounts.state.session import SessionState
from shinesmile.api.headers import SecurityHeaders
from shinesmile.api.health import ROUTES as HEALTH_ROUTES
from shinesmile.api.paths import PlainPaths
from shinesmile.appointments import holds
from shinesmile.appointments import pages as appointment_pages
from shinesmile.appointments.pages.booking import panel
from shinesmile.appointments.pages.table import all_appointments
from shinesmile.appointments.state.booking import BookingState
from shinesmile.appointments.state.table import TableState
from shinesmile.branches import pages as branch_pages
from shinesmile.branches.state import CatalogueState
from shinesmile.core import database
from shinesmile.core.errors import Refusal, SignedOut
from shinesmile.core.settings import settings
from shinesmile.insights.pages import numbers
from shinesmile.insights.state import NumbersState
from shinesmile.notifications import outbox
from shinesmile.notifications import pages as notification_pages
from shinesmile.notifications.live import toast_of
from shinesmile.notifications.state import BellState
from shinesmile.realtime import bus, presence, push
from shinesmile.realtime.hub import Hub
from shinesmile.realtime.log import Event
from shinesmile.realtime.views import Viewer
from shinesmile.ui.page import Page

_log = logging.getLogger(__name__)


# A reload closes a page's socket and opens another within this time.
RELOAD_TAKES_SECONDS = 0.8
_farewells: set[asyncio.Task[None]] = set()


def answer(exception: Exception) -> EventSpec:
    """What a browser is told when a handler raised: the refusal's sentence, or that it crashed."""
    match exception:
        case SignedOut():
            return rx.call_script(push.LOGIN_AGAIN)
        case Refusal():
            return rx.toast.error(exception.sentence)
        case _:
            _log.error("A handler crashed.", exc_info=exception)
            return rx.toast.error(
                "Something went wrong here. Nothing was changed; please try again."
            )


def framed(page: Page) -> rx.Component:
    """A page inside the shell of signed-in pages."""
    return ui.shell(
        page.content,
        title=page.title,
        subtitle=page.subtitle,
        nav=SessionState.nav,
        active=page.route,
        user_name=SessionState.user_name,
        user_role=SessionState.user_role,
        connection=rx.fragment(ui.connection_dot(), _refresh()),
        bell=notification_pages.bell(),
        actions=list(page.actions),
        allowed=SessionState.allowed,
        ready=SessionState.ready,
        home=SessionState.home,
    )


def _refresh() -> rx.Component:
    """For those who like to be sure: opens the page's views anew."""
    return ui.icon_button(
        "refresh-cw", "Refresh", on_click=SessionState.enter, data_testid="refresh"
    )


def services() -> rx.Component:
    """The catalogue and booking, for visitors and for those who are signed in."""
    content = rx.el.div(
        panel(),
        ui.section("Services", branch_pages.service_cards(), text="Choose what you need."),
        class_name="ss-stack",
    )
    signed_in = framed(
        Page("/services", "Book", content, subtitle="Choose a service, then a time.")
    )
    return rx.cond(SessionState.ready, signed_in, ui.public_shell(content))


OVERVIEW = Page(
    "/admin",
    "Overview",
    rx.el.div(numbers(), all_appointments(), class_name="ss-stack"),
    on_load=[NumbersState.open, TableState.open],
    subtitle="Today, live.",
)

SERVICES = Page(
    "/services",
    "Book",
    services(),
    on_load=[SessionState.greet, BellState.greet, CatalogueState.open, BookingState.open],
    public=True,
)

PAGES = (
    SERVICES,
    *branch_pages.PAGES,
    *account_pages.PAGES,
    *appointment_pages.PAGES,
    *notification_pages.PAGES,
    OVERVIEW,
)


@asynccontextmanager
async def live_engine() -> AsyncIterator[None]:
    """Open the database and follow the log as long as the server runs."""
    opened = database.connect(settings.database_url)
    running = (_bus.run(), _presence.run(), _hub.run(), holds.sweep())
    tasks = [asyncio.create_task(work) for work in running]
    if settings.smtp_url:
        tasks.append(asyncio.create_task(outbox.deliver(settings.smtp_url)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await opened.close()


def _left(viewer: Viewer) -> None:
    """A page was closed: unless it is opened again at once, or elsewhere, its holds are free."""
    task = asyncio.create_task(_let_go_unless_back(viewer.scope.user_id))
    _farewells.add(task)
    task.add_done_callback(_farewells.discard)


async def _let_go_unless_back(user_id: int) -> None:
    await asyncio.sleep(RELOAD_TAKES_SECONDS)
    if user_id not in await presence.online():
        await holds.let_everything_go(user_id)


async def _toast(event: Event) -> None:
    for channel in event.topics:
        await _hub.toast(channel, toast_of(event))


async def _end_session(event: Event) -> None:
    await _hub.end_session(event.subject_id)


app = rx.App(
    stylesheets=ui.STYLESHEETS,
    head_components=ui.head(),
    extra_app_wraps={
        (5, "Overlay"): lambda stateful: ui.overlay() if stateful else None,
        (55, "ErrorBoundary"): ui.error_boundary,
    },
    toaster=ui.toaster(),
    backend_exception_handler=answer,
    api_transformer=[
        Starlette(routes=[*ACCOUNT_ROUTES, *HEALTH_ROUTES]),
        lambda app: PlainPaths(app, [page.route for page in PAGES]),
        SecurityHeaders,
    ],
)
assert app.sio is not None

_bus = bus.use(bus.RedisBus(settings.redis_url) if settings.redis_url else bus.Bus())
_presence = presence.use(
    presence.RedisPresence(settings.redis_url) if settings.redis_url else presence.Presence()
)
_hub = Hub(push.ReflexSender(app.sio), _bus, _presence, sessions.still_valid)
_hub.listen("notification.created", _toast)
_hub.listen("session.ended", _end_session)
push.use(_hub)
push.attach(
    app, _hub, settings.max_connections, settings.accepts_origin, sessions.SESSION_COOKIE, _left
)
app.register_lifespan_task(live_engine)

for page in PAGES:
    SessionState.openings[page.route] = page.on_load
    app.add_page(
        page.content if page.public else framed(page),
        route=page.route,
        title=f"{page.title} · ShineSmile" if page.title != "ShineSmile" else "ShineSmile",
        on_load=[*page.on_load] if page.public else [SessionState.enter, BellState.ring],
    )
