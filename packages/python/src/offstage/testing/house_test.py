"""The house: what its rooms may know, and what a person can read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import offstage

ROOT = Path(offstage.__file__ or "").parent
# From the bottom up: a room knows only what stands before it.
ROOMS = [
    *("base", "regexp", "schemas", "values", "model", "state", "sql", "stores", "gate", "records"),
    *(
        "tools",
        "mcp",
        "calls",
        "effects",
        "engine",
        "config",
        "telemetry",
        "host",
        "triggers",
        "serving",
        "command_line",
    ),
]
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60


def files() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def imported_rooms(tree: ast.Module) -> set[str]:
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0]
    return {module.split(".")[1] for module in modules if module.startswith("offstage.")}


def test_a_room_knows_only_what_is_below_it() -> None:
    up: list[str] = []
    for path, text in files():
        if len(path.parts) == 1 or path.parts[0] == "testing" or path.name.endswith(("_test.py", "conftest.py")):
            continue
        room = path.parts[0]
        above = ROOMS[ROOMS.index(room) + 1 :]
        up.extend(f"{path} imports {one}" for one in imported_rooms(ast.parse(text)) if one in [*above, "testing"])
    assert up == []


def test_no_file_and_no_function_is_longer_than_one_reads() -> None:
    long: list[str] = []
    for path, text in files():
        if text.count("\n") > MOST_LINES:
            long.append(str(path))
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                long.append(f"{path}: {node.name}")
    assert long == []
