"""Reflex's configuration: one port, no telemetry, a front end that fits every address."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.constants import Env, StateManagerMode, Templates
from reflex.environment import environment

from shinesmile.core.settings import settings

SCRIPT = Path("utils/state.js")
HOST = "endpoint.hostname = frontend_hostname;"
HTTPS_PORT = 'endpoint.port = ""; // Assume websocket is on https port via load balancer.'


class SameOrigin(rx.plugins.Plugin):
    """Builds a bundle that works under any host name and port without building again."""

    def get_static_assets(self, **context: Any) -> Sequence[tuple[Path, str]]:
        """Reflex's script for its backend, which calls the origin that the page came from.

        With hot reload it stays as it is, for then pages and backend have a port each.
        """
        script = (Templates.Dirs.WEB_TEMPLATE / SCRIPT).read_text()
        if environment.REFLEX_ENV_MODE.get() != Env.PROD:
            return [(SCRIPT, script)]
        if HOST not in script or HTTPS_PORT not in script:
            raise RuntimeError(f"This Reflex finds its backend in another way: see {__file__}.")
        own_port = f"{HOST} endpoint.port = window.location.port;"
        return [(SCRIPT, script.replace(HOST, own_port).replace(HTTPS_PORT, ""))]


config = rx.Config(
    app_name="shinesmile",
    app_module_import="shinesmile.shinesmile",
    frontend_port=settings.port,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=settings.origins,
    redis_url=settings.redis_url,
    state_manager_mode=StateManagerMode.REDIS if settings.redis_url else StateManagerMode.DISK,
    plugins=[
        SameOrigin(),
        rx.plugins.RadixThemesPlugin(
            theme=rx.theme(
                accent_color="teal",
                gray_color="sage",
                radius="large",
                panel_background="solid",
                has_background=True,
            )
        ),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
