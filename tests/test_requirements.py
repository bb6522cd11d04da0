"""`requirements.md` names every row of the source documents and tests that exist."""

import ast
import re
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent
ROWS = {"000": 67, "001": 59, "002": 32, "003": 55, "004": 44}
LINE = re.compile(r"^\| (\d{3}-\d\d) \| .+ \| (?P<proof>.+) \|$")
LATER = re.compile(r"^later: \w+")


def proofs() -> list[tuple[str, str]]:
    """Each row of the page: its id, and what proves it."""
    lines = (TESTS / "requirements.md").read_text().splitlines()
    return [(row[1], row["proof"]) for row in map(LINE.match, lines) if row]


def functions_of(path: str) -> set[str]:
    """The names of the functions in a file."""
    tree = ast.parse((TESTS / path).read_text())
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return {each.name for each in ast.walk(tree) if isinstance(each, functions)}


def test_every_row_is_there_once() -> None:
    wanted = {f"{seed}-{n:02}" for seed, count in ROWS.items() for n in range(1, count + 1)}
    assert Counter(row for row, _ in proofs()) == Counter(wanted)


def test_every_row_names_tests_that_exist_or_what_will_bring_it() -> None:
    known: dict[str, set[str]] = {}
    for row, proof in proofs():
        named = re.findall(r"`(\S+?)::(test_\w+)`", proof)
        assert named or LATER.match(proof), row
        for path, test in named:
            assert test in known.setdefault(path, functions_of(path)), f"{row}: {path}::{test}"
