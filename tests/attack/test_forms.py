"""The native forms: who may send them, where they lead, and what they swallow."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest
from starlette.responses import Response

from shinesmile.accounts import api
from shinesmile.accounts.sessions import NOTICE_COOKIE, SESSION_COOKIE
from tests.attack.records import changes, look, user_id
from tests.attack.victims import PRIVATE, Victims
from tests.serving import Server

ROUTES = [route.path for route in api.ROUTES]
RIGHT = {"email": PRIVATE["email"], "password": "password123"}
WRONG = {"email": PRIVATE["email"], "password": "password124"}
# Kept beside the accounts, and no concern of these tests.
BOOKKEEPING = {"session", "event", "sign_in_failures"}


@pytest.fixture
def browser(server: Server) -> Iterator[httpx.Client]:
    """A browser without cookies."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def notice(answer: httpx.Response) -> dict[str, object]:
    """What the redirect left for the next page."""
    left: dict[str, object] = json.loads(urlsafe_b64decode(answer.cookies[NOTICE_COOKIE]))
    return left


@pytest.mark.parametrize("path", ROUTES)
def test_other_sites_cannot_send_a_form(path: str, victims: Victims, browser: httpx.Client) -> None:
    before = look(victims.server)
    port = victims.server.port
    form = {**RIGHT, "email": "new@example.com", "name": "New"}
    for origin in (
        "https://evil.example",
        f"http://localhost:{port}.evil.example",
        f"http://localhost:{port}@evil.example",
        f"http://evil.example:{port}",
        "http://localhost:1",
        "http://localhost",
        "file://",
        "null",
        "",
        "*",
    ):
        headers = {"Origin": origin, "Cookie": victims.cookie}
        answer = browser.post(path, data=form, headers=headers)
        assert answer.status_code == httpx.codes.FORBIDDEN, origin
        assert "set-cookie" not in answer.headers
    assert changes(before, look(victims.server)) == []


def test_the_own_site_can(victims: Victims, browser: httpx.Client) -> None:
    for origin in (victims.server.url, f"https://localhost:{victims.server.port}"):
        answer = browser.post("/auth/login", data=RIGHT, headers={"Origin": origin})
        assert answer.status_code == httpx.codes.SEE_OTHER and SESSION_COOKIE in answer.cookies


@pytest.mark.parametrize(
    "next_path",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/%09/evil.example",
        "/.//evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/%5Cevil.example",
        "/%2F%2Fevil.example",
        "@evil.example",
        ".evil.example",
        "/\u2028/evil.example",
        "/\r\nSet-Cookie: planted=1",
        "/x\u0000",
    ],
)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
@pytest.mark.parametrize("password", ["password123", "short"])
def test_next_leads_nowhere_else(
    path: str, next_path: str, password: str, browser: httpx.Client, server: Server
) -> None:
    form = RIGHT if path == "/auth/login" else {"email": f"{uuid4().hex}@example.com", "name": "N"}
    answer = browser.post(path, data={**form, "password": password, "next": next_path})
    assert answer.status_code == httpx.codes.SEE_OTHER
    assert "planted" not in answer.cookies
    place = answer.headers["location"]
    assert not place.startswith(("//", "/\\")) and "\\" not in place
    assert urlsplit(urljoin(server.url, place)).netloc == urlsplit(server.url).netloc


def test_next_leads_back(browser: httpx.Client) -> None:
    answer = browser.post("/auth/login", data={**RIGHT, "next": "/services?service=1"})
    assert answer.headers["location"] == "/services?service=1"


def test_what_is_typed_adds_no_header(browser: httpx.Client) -> None:
    typed = "x\r\nSet-Cookie: planted=1\r\n\r\n<script>"
    for path in ROUTES:
        form = dict.fromkeys(("email", "name", "phone", "password", "secret", "next"), typed)
        answer = browser.post(path, data=form)
        assert answer.status_code in (httpx.codes.SEE_OTHER, httpx.codes.BAD_REQUEST)
        assert "planted" not in answer.cookies
        assert "\n" not in answer.headers["location"]
        assert "<script>" not in answer.headers["location"]


@pytest.mark.parametrize("path", ROUTES)
def test_bodies_that_are_no_form_are_survived(
    path: str, victims: Victims, browser: httpx.Client
) -> None:
    before = look(victims.server)
    form, parts = "application/x-www-form-urlencoded", "multipart/form-data"
    many = "&".join(f"a{number}=1" for number in range(100))
    bodies: list[tuple[str | None, bytes]] = [
        (None, b""),
        (form, b""),
        (form, b"%%%=&&&=%ff%00=%zz"),
        (form, b"email=%00&password=%00&secret=%00&name=%00"),
        (form, b"email=a&email=b&password=c&password=d"),
        (form, b"email=" + b"a" * 20_000_000),
        (form, many.encode()),
        (parts, b"no boundary"),
        (f"{parts}; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"'),
        (f"{parts}; boundary=x", b"--x\r\n" * 1000),
        (
            f"{parts}; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="password"; filename="f"\r\n\r\nx\r\n--x--',
        ),
        ("application/json", json.dumps(RIGHT).encode()),
        ("text/plain", b"email=a"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfe"),
    ]
    for kind, body in bodies:
        answer = browser.post(path, content=body, headers={"Content-Type": kind} if kind else {})
        assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, body[:60]
        assert SESSION_COOKIE not in answer.cookies
        assert browser.get("/health").status_code == httpx.codes.OK
    after = changes(before, look(victims.server))
    assert [each for each in after if each.table not in BOOKKEEPING] == []


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"])
def test_forms_are_posted_or_nothing(
    method: str, path: str, victims: Victims, browser: httpx.Client
) -> None:
    before = look(victims.server)
    answer = browser.request(method, path, params=RIGHT, headers={"Cookie": victims.cookie})
    assert answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)
    assert "set-cookie" not in answer.headers
    assert changes(before, look(victims.server)) == []


@pytest.mark.parametrize("path", ["/auth/login", "/auth/forgot-password"])
def test_known_and_unknown_addresses_are_answered_alike(path: str, browser: httpx.Client) -> None:
    answers = []
    for email in (PRIVATE["email"], "nobody.at.all@example.com"):
        with httpx.Client(base_url=browser.base_url, trust_env=False) as fresh:
            answer = fresh.post(path, data={**WRONG, "email": email})
        left = json.dumps(notice(answer)).replace(email, "somebody")
        kept = {k: v for k, v in answer.headers.items() if k not in ("date", "set-cookie")}
        answers.append((answer.status_code, answer.content, kept, left, list(answer.cookies)))
    assert answers[0] == answers[1]


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(
    browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form, name in ((RIGHT, SESSION_COOKIE), (WRONG, NOTICE_COOKIE)):
        answer = browser.post("/auth/login", data=form)
        lines = answer.headers.get_list("set-cookie")
        flags = next(line for line in lines if line.startswith(f"{name}=")).lower().split("; ")
        assert {"httponly", "samesite=lax", "path=/"} <= set(flags)
        assert not any(flag.startswith("domain=") for flag in flags)
    for url, secure in (("https://clinic.example", True), ("http://clinic.example", False)):
        monkeypatch.setattr(api, "settings", SimpleNamespace(public_url=url))
        response = Response()
        api._set_cookie(response, SESSION_COOKIE, "x", None)
        assert ("Secure" in response.headers["set-cookie"]) is secure


def test_registering_gives_a_customer_and_no_more(victims: Victims, browser: httpx.Client) -> None:
    email = f"mallory-{uuid4().hex}@example.com"
    form = {
        "name": "Mallory",
        "email": email,
        "password": "password123",
        "role": "admin",
        "branch_ids": "1",
        "branch_1": "on",
        "id": "1",
        "is_active": "on",
        "version": "99",
        "password_hash": "x",
    }
    assert browser.post("/auth/register", data=form).headers["location"] == "/dashboard"
    made = user_id(victims.server, email)
    rows = look(victims.server).items()
    account = next(row for (table, _), row in rows if table == "users" and row["id"] == made)
    assert (account["role"], account["version"]) == ("customer", 1)
    assert not [row for (table, _), row in rows if table == "membership" and row["user_id"] == made]

    before = look(victims.server)
    for again in (email, email.upper(), f" {email} ", f"{email[:3]}\u200b{email[3:]}"):
        answer = browser.post("/auth/register", data={**form, "email": again})
        assert "already an account" in json.dumps(notice(answer))
        assert SESSION_COOKIE not in answer.cookies
    assert changes(before, look(victims.server)) == []


def test_a_forged_notice_is_survived(browser: httpx.Client) -> None:
    for value in ("x", urlsafe_b64encode(b"[" * 5000).decode(), "=" * 3000):
        answer = browser.get("/login?notice=1", headers={"Cookie": f"{NOTICE_COOKIE}={value}"})
        assert answer.status_code == httpx.codes.OK
