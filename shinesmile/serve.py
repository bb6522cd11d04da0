"""Starts the clinic: `python -m shinesmile.serve`, from nothing to a server that answers."""

import argparse
import asyncio
import os
import sys

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from shinesmile import frontend, schema
from shinesmile.core import database
from shinesmile.core.settings import ROOT, settings

SECONDS_TO_STOP = 10

# Read by Reflex when it is imported: serve what is built, and build nothing.
SERVE_WHAT_IS_BUILT = {
    "REFLEX_ENV_MODE": "prod",
    # A silent loss of the network shows within 20 seconds.
    "REFLEX_SOCKET_INTERVAL": "10s",
    "REFLEX_SOCKET_TIMEOUT": "10s",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
}


def main() -> None:
    """Build, migrate, fill an empty demo clinic, say where it is, and serve until stopped."""
    parser = argparse.ArgumentParser(prog="shinesmile.serve", description=__doc__)
    parser.add_argument("--build-only", action="store_true", help="build the front end, no more")
    parser.add_argument("--reset-demo", action="store_true", help="start the demo clinic over")
    parser.add_argument("--dev", action="store_true", help="serve with hot reload")
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.reset_demo:
        reset_demo()
        return
    if not options.dev:
        frontend.build_if_stale()
    if options.build_only:
        return
    prepare_database()
    introduce()
    if options.dev:
        serve_with_hot_reload()
    else:
        serve()


def prepare_database() -> None:
    """Bring the schema up to date and, where it is wanted, fill an empty clinic."""
    with schema.alone(settings.database_url):
        schema.upgrade(settings.database_url)
        if settings.demo and schema.is_empty(settings.database_url):
            print("Building the demo clinic.", flush=True)
            asyncio.run(_build_demo())


async def _build_demo() -> None:
    from shinesmile import demo

    opened = database.connect(settings.database_url)
    try:
        await demo.build()
    finally:
        await opened.close()


def reset_demo() -> None:
    """Replace whatever the database holds with the demo clinic, after asking."""
    if not settings.demo:
        raise SystemExit("The demo clinic is off (APP_ENV=production or DEMO=off).")
    place = settings.database_file or "the PostgreSQL database in DATABASE_URL"
    if input(f"Everything in {place} will be deleted. Type yes to go on: ") != "yes":
        raise SystemExit("Nothing was changed.")
    with schema.alone(settings.database_url):
        schema.erase(settings.database_url)
    prepare_database()


def introduce() -> None:
    """Say where the clinic is and, in a demo, who may sign in."""
    print(f"\nShineSmile: http://localhost:{settings.port}")
    if settings.demo:
        from shinesmile import demo

        print("\nDemo accounts:")
        for email, password in demo.ACCOUNTS:
            print(f"  {email:32} {password}")
    print(flush=True)


def serve() -> None:
    """Serve pages, socket and REST on one port until SIGINT or SIGTERM."""
    os.environ.update(SERVE_WHAT_IS_BUILT)
    # What tabs have open, such as a half-filled form, outlives a restart.
    os.environ["REFLEX_STATE_MANAGER_DISK_DEBOUNCE"] = "0s"
    states = settings.folder / "states"
    # It holds the cookies of sessions too: nobody else on this machine may read it.
    states.mkdir(mode=0o700, parents=True, exist_ok=True)
    states.chmod(0o700)
    os.environ["REFLEX_STATES_WORKDIR"] = str(states)
    Granian(
        "shinesmile.shinesmile:app",
        factory=True,
        interface=Interfaces.ASGI,
        address="0.0.0.0",  # noqa: S104 - the desk is opened from other machines too
        port=settings.port,
        workers=1,
        workers_kill_timeout=SECONDS_TO_STOP,
        loop=Loops.uvloop,
        log_level=LogLevels.warning,
    ).serve()


def serve_with_hot_reload() -> None:
    """Become Reflex's own development server."""
    os.execve(sys.executable, [sys.executable, "-m", "reflex", "run"], frontend.environment())


if __name__ == "__main__":
    main()
