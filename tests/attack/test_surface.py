"""What HTTP shows to anybody who asks: pages, and nothing that was not meant to be served."""

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from shinesmile.core.settings import ROOT, settings
from shinesmile.shinesmile import PAGES
from tests.serving import Server

BUILT = ROOT / ".web" / "build" / "client"
SECRETS = (
    settings.jwt_secret.get_secret_value(),
    "JWT_SECRET",
    "SQLite format",
    "password_hash",
    "$argon2",
    "import reflex",
    "from shinesmile",
    "[core]",
    "root:x:0",
    '"lockfileVersion"',
)
NOT_SERVED = (
    "_upload",
    "_upload/x",
    "_all_routes",
    "auth-codespace",
    "docs",
    "redoc",
    "openapi.json",
    "connections",
    "metrics",
    "admin.py",
    ".env",
    ".git/config",
    ".web/env.json",
    ".web/package.json",
    "env.json",
    "package.json",
    "package-lock.json",
    "reflex.lock/package-lock.json",
    "rxconfig.py",
    "pyproject.toml",
    "shinesmile/shinesmile.py",
    "data/jwt_secret",
    "data/shinesmile.db",
    "clinic.db",
    "jwt_secret",
    "utils/state.js",
    "assets",
    "assets/",
    ".vite/manifest.json",
)
CLIMBS = (
    "..",
    "%2e%2e",
    "..%2f..",
    "%2e%2e%2f%2e%2e",
    "..%5c..",
    "....//",
    ".%2e",
    "..;",
    "%252e%252e",
)
EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def raw(server: Server, path: str, method: str = "GET") -> tuple[int, str]:
    """Ask for a path exactly as it is spelled; answers the status and the text."""
    connection = HTTPConnection("localhost", server.port, timeout=10)
    connection.putrequest(method, path)
    connection.endheaders()
    answer = connection.getresponse()
    said = answer.status, answer.read().decode(errors="replace")
    connection.close()
    return said


@pytest.mark.parametrize("path", NOT_SERVED)
def test_what_is_not_meant_for_browsers_is_not_served(path: str, server: Server) -> None:
    for method in ("GET", "POST"):
        status, said = raw(server, f"/{path}", method)
        assert status in (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)
        assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize("climb", CLIMBS)
def test_no_path_climbs_out(climb: str, server: Server) -> None:
    for up in range(1, 8):
        for base in ("/", "/assets/", "/styles/", "/_upload/", "/_event/"):
            for aim in (
                "etc/passwd",
                "package.json",
                "rxconfig.py",
                "pyproject.toml",
                ".git/config",
            ):
                status, said = raw(server, f"{base}{f'{climb}/' * up}{aim}")
                assert status >= httpx.codes.BAD_REQUEST
                assert not [secret for secret in SECRETS if secret in said]


def test_the_built_pages_hold_no_secret_and_no_source() -> None:
    files = [path for path in BUILT.rglob("*") if path.suffix in {".html", ".js", ".css", ".json"}]
    assert len(files) > 50
    for path in files:
        text = path.read_text()
        assert not [secret for secret in SECRETS if secret in text], path
        assert "sourceMappingURL=" not in text, path
    assert not list(BUILT.rglob("*.map"))


def test_what_tabs_left_on_disk_is_read_by_nobody_else(server: Server) -> None:
    clinic = Path(make_url(server.database_url).database or "")
    states = clinic.parent / "states"
    assert states.is_dir() and states.stat().st_mode & 0o077 == 0


def test_small_endpoints_say_little(browser: httpx.Client) -> None:
    assert browser.get("/ping").json() == "pong"
    assert browser.get("/_health").json() == {"status": True}
    health = browser.get("/health").json()
    assert set(health) == {"status", "checks", "version"}
    assert not [secret for secret in (*SECRETS, str(ROOT), "sqlite") if secret in str(health)]


def test_other_sites_may_read_nothing_with_a_visitors_cookie(browser: httpx.Client) -> None:
    for origin in ("https://evil.example", "null"):
        for path in ("/", "/health", "/ping"):
            answer = browser.get(path, headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") not in (origin, "*")


@pytest.mark.parametrize("path", [page.route for page in PAGES])
def test_pages_carry_their_policy(path: str, browser: httpx.Client) -> None:
    answer = browser.get(path)
    assert answer.status_code == httpx.codes.OK
    assert EXPECTED.items() <= answer.headers.items()
    policy = dict(
        each.strip().split(" ", 1) for each in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    scripts = policy["script-src"].split()
    assert "'unsafe-inline'" not in scripts and "*" not in scripts
    inline = len(re.findall(r"<script(?![^>]*\bsrc=)", answer.text))
    assert len([each for each in scripts if each.startswith("'sha256-")]) >= inline > 0


def test_everything_else_is_not_sniffed_or_framed(browser: httpx.Client) -> None:
    for path in ("/health", "/ping", "/favicon.svg", "/nope", "/auth/login", "/styles/base.css"):
        assert EXPECTED.items() <= browser.get(path).headers.items(), path
    refused = browser.post("/auth/login", data={}, headers={"Origin": "https://evil.example"})
    assert refused.status_code == httpx.codes.FORBIDDEN
    assert EXPECTED.items() <= refused.headers.items()
