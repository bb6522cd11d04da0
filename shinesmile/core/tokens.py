"""Signed session tokens (JWT, HS256) and random one-time secrets."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from shinesmile.core import clock
from shinesmile.core.settings import settings

ALGORITHM = "HS256"
ISSUER = "shinesmile"
AUDIENCE = "shinesmile-session"
REQUIRED_CLAIMS = ["exp", "iat", "jti", "aud", "iss", "sub"]


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What a session token says: the session row and the account it belongs to."""

    session_id: str
    user_id: int


def sign_session(claims: SessionClaims, expires_at: datetime) -> str:
    """A signed token that names a session row."""
    payload = {
        "jti": claims.session_id,
        "sub": str(claims.user_id),
        "iat": clock.now(),
        "exp": expires_at,
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    return jwt.encode(payload, settings.jwt_secret.get_secret_value(), algorithm=ALGORITHM)


def read_session(token: str) -> SessionClaims | None:
    """The claims of a token, or None when it is forged, expired, foreign or not a token."""
    try:
        payload = jwt.decode(
            token,
            settings.jwt_secret.get_secret_value(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=timedelta(seconds=5),
            options={"require": REQUIRED_CLAIMS},
        )
        return SessionClaims(session_id=str(payload["jti"]), user_id=int(payload["sub"]))
    except (jwt.InvalidTokenError, ValueError):
        return None


def one_time_secret() -> str:
    """A random secret for a link that works once."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is stored of a one-time secret, so that the database cannot be used to forge it."""
    return hashlib.sha256(secret.encode()).hexdigest()
