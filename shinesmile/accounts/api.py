"""Signing in and out: native form posts that set an HttpOnly cookie and redirect (303)."""

import json
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from shinesmile.accounts import service, sessions
from shinesmile.accounts.navigation import HOMES, safe_next
from shinesmile.accounts.sessions import NOTICE_COOKIE, SESSION_COOKIE, Origin, SignedIn
from shinesmile.core import clock
from shinesmile.core.errors import Invalid, Refusal
from shinesmile.core.settings import settings

NOTICE_SECONDS = 60
RESET_SENT = "If this address has an account, a message with a link is on its way to it."


def _see(path: str, **query: str) -> Response:
    asked = urlencode({name: value for name, value in query.items() if value})
    return RedirectResponse(f"{path}?{asked}" if asked else path, status_code=303)


def _with_notice(response: Response, **notice: object) -> Response:
    """Leave a notice for the next page, in a cookie that no script reads."""
    value = urlsafe_b64encode(json.dumps(notice).encode()).decode()
    _set_cookie(response, NOTICE_COOKIE, value, NOTICE_SECONDS)
    return response


def _set_cookie(response: Response, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )


def _enter(signed_in: SignedIn, next_path: str | None) -> Response:
    response = _see(next_path or HOMES[signed_in.user.role])
    seconds = int((signed_in.expires_at - clock.now()).total_seconds())
    _set_cookie(
        response, SESSION_COOKIE, signed_in.token, seconds if signed_in.remembered else None
    )
    response.delete_cookie(NOTICE_COOKIE)
    return response


def _origin(request: Request) -> Origin:
    address = request.client.host if request.client else ""
    return Origin(address, request.headers.get("user-agent", ""))


def _from_elsewhere(request: Request) -> bool:
    return not settings.accepts_origin(request.headers.get("origin"), request.headers.get("host"))


async def _form(request: Request) -> FormData:
    if _from_elsewhere(request):
        raise HTTPException(403, "This form was sent from another site.")
    return await request.form(max_files=0, max_fields=20, max_part_size=10_000)


def _text(form: FormData, name: str, limit: int = 300) -> str:
    value = form.get(name)
    return value[:limit] if isinstance(value, str) else ""


def _typed(form: FormData) -> dict[str, str]:
    return {name: _text(form, name, 200) for name in ("name", "email", "phone")}


async def login(request: Request) -> Response:
    """Sign in with email, password, remember and next."""
    form = await _form(request)
    next_path = safe_next(_text(form, "next"))
    email = _text(form, "email")
    try:
        signed_in = await sessions.sign_in(
            email, _text(form, "password"), bool(form.get("remember")), _origin(request)
        )
    except Refusal as refusal:
        response = _see("/login", notice="1", next=next_path or "")
        return _with_notice(response, problem=refusal.sentence, typed={"email": email})
    return _enter(signed_in, next_path)


async def logout(request: Request) -> Response:
    """End this browser's session."""
    await _form(request)
    await sessions.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    response = _see("/login", notice="1")
    response.delete_cookie(SESSION_COOKIE)
    return _with_notice(response, done="You are signed out.")


async def register(request: Request) -> Response:
    """Open a customer's account and sign in."""
    form = await _form(request)
    next_path = safe_next(_text(form, "next"))
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        user = await service.register(given)
    except Invalid as refusal:
        response = _see("/register", notice="1", next=next_path or "")
        return _with_notice(
            response, problem=refusal.sentence, errors=refusal.fields, typed=_typed(form)
        )
    return _enter(await sessions.start(user, False, _origin(request)), next_path)


async def forgot_password(request: Request) -> Response:
    """Mail a link, and say the same whether the address is known or not."""
    form = await _form(request)
    await service.request_password_reset(_text(form, "email"))
    return _with_notice(_see("/forgot-password", notice="1"), done=RESET_SENT)


async def reset_password(request: Request) -> Response:
    """Choose a new password with a one-time link."""
    form = await _form(request)
    secret = _text(form, "secret")
    try:
        await service.reset_password(secret, {"password": form.get("password")})
    except Refusal as refusal:
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        response = _see("/reset-password", notice="1", secret=secret)
        return _with_notice(response, problem=refusal.sentence, errors=errors)
    done = "Your password is changed. Sign in with the new one."
    return _with_notice(_see("/login", notice="1"), done=done)


ROUTES = [
    Route("/auth/login", login, methods=["POST"]),
    Route("/auth/logout", logout, methods=["POST"]),
    Route("/auth/register", register, methods=["POST"]),
    Route("/auth/forgot-password", forgot_password, methods=["POST"]),
    Route("/auth/reset-password", reset_password, methods=["POST"]),
]
