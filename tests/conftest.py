"""What every test may ask for: an empty clinic on each kind of database, and a Redis."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest

# Before the program is imported: its settings, whatever the developer's own `.env` says.
TESTED_WITH = {
    "APP_ENV": "development",
    "PORT": "3000",
    "PUBLIC_URL": "",
    "ALLOWED_ORIGINS": "",
    "DATABASE_URL": "sqlite:///:memory:",
    "REDIS_URL": "",
    "JWT_SECRET": "a secret that only the tests know, long enough",
    "SMTP_URL": "",
    "VAPID_PRIVATE_KEY": "",
    "VAPID_SUBJECT": "",
    "MAX_CONNECTIONS": "",
    "RATE_LIMITS": "",
    "DEMO": "",
    "LOG_FORMAT": "",
}
os.environ.update(TESTED_WITH)

from shinesmile.core.database import Database, connect  # noqa: E402
from tests import databases, redis_server  # noqa: E402
from tests.databases import Databases  # noqa: E402
from tests.redis_server import RedisServer  # noqa: E402


@pytest.fixture(scope="session")
def clinic_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where tests get migrated databases from."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(params=databases.kinds())
async def database(
    request: pytest.FixtureRequest, clinic_databases: Databases
) -> AsyncIterator[Database]:
    """A freshly migrated, empty database, which is the process's current one."""
    url = clinic_databases.create(request.param)
    opened = connect(url)
    yield opened
    await opened.close()
    clinic_databases.drop(url)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a private Redis server."""
    if shutil.which(redis_server.PROGRAM) is None:
        pytest.skip("redis-server is not on the PATH")
    server = RedisServer()
    yield server.url
    server.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which databases and which Redis the tests ran on."""
    terminalreporter.write_line(databases.summary())
    terminalreporter.write_line(redis_server.summary())
