"""Where people may go: their own pages, and never another site."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shinesmile.accounts.navigation import DESTINATIONS, HOMES, may_open, menu, safe_next
from shinesmile.core.scope import Role

SITE = "https://clinic.example"
tricky = st.text(alphabet="/\\.:@?#%\t\n\r \x00evilhtps-", max_size=12)


def followed(location: str) -> str:
    """The site that a browser ends up at (WHATWG: it drops tabs and newlines, `\\` is `/`)."""
    seen = re.sub(r"[\t\n\r]", "", location).strip("\x00 ").replace("\\", "/")
    seen = re.sub(r"^/{2,}", "//", seen)
    return "{0.scheme}://{0.netloc}".format(urlsplit(urljoin(f"{SITE}/login", seen)))


@given(tricky | st.text(max_size=20) | tricky.map(lambda rest: "/" + rest))
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("///evil.example")
@example("https:evil.example")
@example("javascript:alert(1)")
@example("/%2f/evil.example\\")
def test_next_page_is_never_on_another_site(path: str) -> None:
    kept = safe_next(path)
    assert kept is None or (kept == path and followed(kept) == SITE)


@pytest.mark.parametrize("path", ["/", "/services", "/dashboard?code=BCDF", "/admin/users?q=é#top"])
def test_own_pages_are_kept(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "services",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https://evil.example",
        "HTTPS://evil.example",
        "/\n/evil.example",
        "/\t/evil.example",
        " //evil.example",
        "/\u202eevil",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_other_origins_are_refused_in_every_spelling(path: str | None) -> None:
    assert safe_next(path) is None


@pytest.mark.parametrize("role", Role)
def test_home_is_a_page_that_may_be_opened(role: Role) -> None:
    assert may_open(role, HOMES[role])
    assert may_open(role, HOMES[role] + "/")
    assert {each.href for each in menu(role)} <= {
        each.item.href for each in DESTINATIONS if may_open(role, each.item.href)
    }


def test_pages_of_admins_are_opened_by_those_who_may_do_what_is_on_them() -> None:
    opened = {
        page: {role.value for role in Role if may_open(role, page)}
        for page in ("/admin/services", "/admin/outbox", "/admin/users", "/admin", "/nowhere")
    }
    assert opened == {
        "/admin/services": {"admin"},
        "/admin/outbox": {"admin"},
        "/admin/users": {"admin", "manager"},
        "/admin": {"admin", "manager"},
        "/nowhere": set(),
    }
