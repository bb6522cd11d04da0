"""A private Redis server for tests of several processes."""

import shutil
import subprocess

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NotYet
from redis.retry import Retry

from tests.ports import free_port

PROGRAM = "redis-server"


def summary() -> str:
    """Which Redis the tests can start, in words."""
    found = shutil.which(PROGRAM)
    if found is None:
        return "redis: redis-server not found"
    words = subprocess.check_output([found, "--version"], text=True).split()
    return "redis: " + next(word for word in words if word.startswith("v=")).removeprefix("v=")


class RedisServer:
    """A server that keeps nothing on disk."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.DEVNULL)
        patience = Retry(ConstantBackoff(0.05), 200)
        with Redis.from_url(self.url, retry=patience, retry_on_error=[NotYet]) as client:
            client.ping()

    def stop(self) -> None:
        """End this server, and no other."""
        self._process.terminate()
        self._process.wait()
