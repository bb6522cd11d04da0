"""Session tokens: read when they are this clinic's own and in time, and never otherwise."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from shinesmile.core import tokens
from shinesmile.core.settings import settings
from shinesmile.core.tokens import REQUIRED_CLAIMS, SessionClaims

CLAIMS = SessionClaims("a session", 7)
KEY = settings.jwt_secret.get_secret_value()
Payload = dict[str, Any]


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def payload() -> Payload:
    token = tokens.sign_session(CLAIMS, in_an_hour())
    read: Payload = jwt.decode(token, KEY, algorithms=["HS256"], audience=tokens.AUDIENCE)
    return read


def signed(claims: Payload, key: str = KEY, algorithm: str | None = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def test_own_token_is_read() -> None:
    assert tokens.read_session(tokens.sign_session(CLAIMS, in_an_hour())) == CLAIMS
    assert tokens.read_session(signed(payload())) == CLAIMS


FORGED: dict[str, Callable[[], str]] = {
    "algorithm none": lambda: signed(payload(), "", "none"),
    "another key": lambda: signed(payload(), "another key, as long as the real one is"),
    "another algorithm": lambda: signed(payload(), KEY * 2, "HS512"),
    "the right key under another algorithm": lambda: signed(payload(), KEY, "HS384"),
    "another audience": lambda: signed(payload() | {"aud": "elsewhere"}),
    "another issuer": lambda: signed(payload() | {"iss": "elsewhere"}),
    "expired": lambda: signed(payload() | {"exp": datetime.now(UTC) - timedelta(seconds=30)}),
    "issued tomorrow": lambda: signed(payload() | {"iat": datetime.now(UTC) + timedelta(days=1)}),
    "not an account": lambda: signed(payload() | {"sub": "Ada"}),
    "changed": lambda: signed(payload())[:-2] + "AA",
    "without signature": lambda: signed(payload()).rsplit(".", 1)[0] + ".",
    "nothing": lambda: "",
    "not a token": lambda: "a.b.c",
    "not ASCII": lambda: "é.ü.ñ",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
@pytest.mark.filterwarnings("ignore:The HMAC key:jwt.warnings.InsecureKeyLengthWarning")
def test_forged_token_is_nobody(forge: Callable[[], str]) -> None:
    assert tokens.read_session(forge()) is None


@pytest.mark.parametrize("claim", REQUIRED_CLAIMS)
def test_token_without_a_claim_is_nobody(claim: str) -> None:
    kept = payload()
    del kept[claim]
    assert tokens.read_session(signed(kept)) is None


def test_required_claims_are_all_six() -> None:
    assert set(REQUIRED_CLAIMS) == {"exp", "iat", "jti", "aud", "iss", "sub"}


def test_one_time_secrets_are_long_different_and_not_what_is_stored() -> None:
    secrets = {tokens.one_time_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert min(map(len, secrets)) >= 43
    one = secrets.pop()
    assert tokens.fingerprint(one) == tokens.fingerprint(one) != one
    assert tokens.fingerprint(one) != tokens.fingerprint(secrets.pop())
