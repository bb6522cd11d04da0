"""Passwords: argon2, and the same work whether or not there is an account."""

from typing import Any

import pytest
from passlib.context import CryptContext

from shinesmile.core import passwords


class Counting:
    """Counts what a hasher is asked to do."""

    def __init__(self, context: CryptContext) -> None:
        self.context = context
        self.verified: list[str] = []

    def verify(self, password: str, password_hash: str) -> Any:
        self.verified.append(password_hash)
        return self.context.verify(password, password_hash)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting(passwords._context)
    monkeypatch.setattr(passwords, "_context", counting)
    return counting


async def test_password_belongs_to_its_own_hash_only() -> None:
    kept = await passwords.hash_password("password123")
    assert await passwords.verify_password("password123", kept)
    assert not await passwords.verify_password("password124", kept)
    assert kept != await passwords.hash_password("password123"), "salted"
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_missing_hash_costs_the_same_work_and_never_matches(hasher: Counting) -> None:
    assert not await passwords.verify_password("password123", None)
    (used,) = hasher.verified
    assert used.split("$")[:4] == hasher.context.hash("anything").split("$")[:4]


@pytest.mark.parametrize("password", ["", "a\x00b", "пароль", "🦷" * 50, "a" * 200, "\ud800"])
async def test_any_text_can_be_tried(password: str) -> None:
    kept = await passwords.hash_password("password123")
    assert not await passwords.verify_password(password, kept)
