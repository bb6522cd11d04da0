"""Pages answer under their own address, without a redirect to one with a slash behind it."""

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send


class PlainPaths:
    """Serves a page's file at the page's address. Reflex would redirect `/login` to `/login/`."""

    def __init__(self, app: ASGIApp, routes: Collection[str]) -> None:
        self._app = app
        self._routes = frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in self._routes:
            folder = f"{scope['path'].rstrip('/')}/"
            scope = {**scope, "path": folder, "raw_path": folder.encode()}
        await self._app(scope, receive, send)
