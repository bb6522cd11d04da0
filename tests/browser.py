"""Finds a browser for the tests; `python -m tests.browser` gets one and prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def on_path() -> str | None:
    """A browser that is installed on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def playwrights_own() -> str | None:
    """The browser that Playwright downloaded earlier, if it did."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    """The path of a browser that is here already."""
    return on_path() or playwrights_own()


def get() -> str | None:
    """The path of a browser, installed now if there was none."""
    if found := find():
        return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if found := playwrights_own():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "chromium"], check=False)
    return on_path()


if __name__ == "__main__":
    path = get()
    if path is None:
        sys.exit("No browser was found or could be installed: put chromium on the PATH.")
    print(path)
