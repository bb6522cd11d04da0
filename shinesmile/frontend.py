"""The built front end: made again only when something that it is made of has changed."""

import fcntl
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from shinesmile.core.settings import DATA, ROOT, settings

STAMP = ROOT / ".web" / "shinesmile.fingerprint"
GENERATED = ROOT / "assets" / "external"
SOURCES = ("shinesmile/**/*.py", "rxconfig.py", "assets/**/*", "requirements.txt", "reflex.lock/*")


def fingerprint() -> str:
    """A digest of every file that the front end is made of, and of the kind of clinic."""
    digest = sha256(settings.app_env.encode())
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        if path.is_file() and GENERATED not in path.parents:
            digest.update(f"{path.relative_to(ROOT)}\0".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_stale() -> bool:
    """Whether the front end was never built, or from other files."""
    return not STAMP.exists() or STAMP.read_text() != fingerprint()


def build_if_stale() -> None:
    """Build the front end unless it is built already; two callers take turns."""
    DATA.mkdir(exist_ok=True)
    with (DATA / "frontend.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_stale():
            _build()


def environment() -> dict[str, str]:
    """The environment for Reflex's own commands: Node from this virtual environment first."""
    tools = Path(sys.executable).parent
    npm = [str(tools / "npm"), "config", "get", "registry"]
    path = f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    registry = subprocess.run(
        npm, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    return {
        **os.environ,
        "PATH": path,
        # The registry that npm is set up for; left to itself Reflex goes and measures two.
        "NPM_CONFIG_REGISTRY": registry.stdout.strip(),
        "REFLEX_USE_NPM": "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }


def _build() -> None:
    print("Building the front end; this takes a minute and is done once.", flush=True)
    STAMP.unlink(missing_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode:
        raise SystemExit("The front end could not be built; the lines above say why.")
    # Taken after the build, which may bring the lock file up to date.
    STAMP.write_text(fingerprint())
