"""What every answer tells the browser: what a page may load, and who may frame or sniff it."""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shinesmile.core.settings import ROOT, settings

BUILT_PAGES = ROOT / ".web" / "build" / "client"
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)

ON_EVERYTHING = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A link to choose a new password carries its secret in the address.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
if settings.public_url.startswith("https://"):
    ON_EVERYTHING["Strict-Transport-Security"] = "max-age=31536000"


class SecurityHeaders:
    """Adds them to the answers of the program that it wraps."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ON_EVERYTHING.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", page_policy())
            await send(message)

        await self._app(scope, receive, send_with_headers)


def page_policy() -> str:
    """The policy for the pages as they are built now: their own scripts run, and no others."""
    index = BUILT_PAGES / "index.html"
    return _policy(index.stat().st_mtime_ns if index.exists() else 0)


@lru_cache(maxsize=1)
def _policy(_built_at: int) -> str:
    scripts = {
        script
        for page in BUILT_PAGES.rglob("*.html")
        for script in INLINE_SCRIPT.findall(page.read_text())
    }
    digests = sorted(b64encode(sha256(each.encode()).digest()).decode() for each in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'self'",
            # Reflex's pages evaluate the scripts that the server sends them over the socket.
            f"script-src 'self' 'unsafe-eval' {allowed}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
