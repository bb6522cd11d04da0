"""Starts the whole program as a process of its own, for tests that use it from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from shinesmile import frontend
from shinesmile.core.settings import ROOT
from tests.ports import free_port

SECONDS_TO_START = 120
SECONDS_TO_STOP = 15


class Server:
    """One server process with its own port, database and log.

    Starting waits until `/health` answers 200; a server that dies first fails at once with
    its log.
    """

    def __init__(
        self, folder: Path, database_url: str | None = None, settings: Mapping[str, str] = {}
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.database_url = database_url or f"sqlite+aiosqlite:///{folder / 'clinic.db'}"
        self._log = folder / f"server-{self.port}.log"
        self._environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "DEMO": "on",
            "RATE_LIMITS": "off",
            "PORT": str(self.port),
            **settings,
        }
        frontend.build_if_stale()
        self.start()

    @property
    def log(self) -> str:
        """What the server has printed so far, over all its starts."""
        return self._log.read_text()

    def start(self) -> None:
        """Start the process and wait until it is well."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "shinesmile.serve"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._is_well():
            if self._has_ended(within=0.05) or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"The server did not start:\n{self.log}")

    def stop(self) -> None:
        """Ask it to end, as an operator would, and wait for it."""
        self._process.terminate()
        if not self._has_ended(within=SECONDS_TO_STOP):
            self.kill()
            raise RuntimeError(f"The server did not stop when asked:\n{self.log}")

    def restart(self) -> None:
        """Stop it and start it again on the same port and database."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End it and its workers at once, as a power cut would."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _is_well(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/health", timeout=5, trust_env=False)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK

    def _has_ended(self, within: float) -> bool:
        try:
            self._process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            return False
        return True
