"""Whether this process can do its work (CONTRACT.md §7)."""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from shinesmile.core import clock, database
from shinesmile.realtime import bus, log, push

RELEASE = "0.1.0"
LONGEST_CHECK_SECONDS = 3.0
MOST_LAG_SECONDS = 10.0


async def health(_request: Request) -> JSONResponse:
    """200 with every check, or 503 naming what is down; no secrets."""
    checks: dict[str, object] = {"database": "down", "bus": "down", "log_lag_seconds": None}
    try:
        async with asyncio.timeout(LONGEST_CHECK_SECONDS), database.reading() as session:
            await session.execute(text("SELECT 1"))
            checks["database"] = "ok"
            missed = await log.read_after(session, push.hub().cursor, limit=1)
            lag = (clock.now() - missed[0].at).total_seconds() if missed else 0.0
            checks["log_lag_seconds"] = round(max(0.0, lag), 3)
    except (SQLAlchemyError, OSError, TimeoutError):
        pass
    if await bus.current().healthy():
        checks["bus"] = "ok"
    lag_seconds = checks["log_lag_seconds"]
    follows = isinstance(lag_seconds, float) and lag_seconds < MOST_LAG_SECONDS
    well = checks["database"] == checks["bus"] == "ok" and follows
    body = {"status": "ok" if well else "down", "checks": checks, "version": RELEASE}
    return JSONResponse(body, status_code=200 if well else 503)


ROUTES = [Route("/health", health)]
