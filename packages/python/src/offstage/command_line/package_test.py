"""Commands of a whole package, in a folder of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from offstage.command_line import run_package

_CLIENT = """from offstage import Tool

SERVER = "{name}"
get = Tool(SERVER, "get")
"""
_WORKFLOW = """from offstage import Context, workflow

from .servers import hub, shop


@workflow(name="both-things")
async def both(context: Context) -> object:
    await shop.get.call({})
    await hub.get.call({})
    return 1
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"both_things_{tmp_path.name.rpartition('-')[2].strip('_')}"
    folder = tmp_path / name
    (folder / "servers").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "servers" / "__init__.py").write_text("from . import hub as hub, shop as shop\n")
    for server in ("hub", "shop"):
        (folder / "servers" / f"{server}.py").write_text(_CLIENT.format(name=server))
    (folder / "workflow.py").write_text(_WORKFLOW)
    servers = {name: {"command": "none", "env": {"T": f"${{env:{name.upper()}_MISSING}}"}} for name in ("hub", "shop")}
    (tmp_path / "mcp.json").write_text(json.dumps({"mcpServers": servers}))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return name


def _answer(capsys: pytest.CaptureFixture[str], folder: Path, package: str, *words: str) -> tuple[int, dict[str, Any]]:
    code = run_package(folder, package, [*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_all_variables_that_are_missing_are_told_at_once(
    tmp_path: Path, package: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("plan", "run"):
        _, said = _answer(capsys, tmp_path, package, command)
        error = said.get("error") or said["result"]["run"]["error"]
        assert error["code"] == "SECRET_MISSING"
        assert ("HUB_MISSING" in error["message"], "SHOP_MISSING" in error["message"]) == (True, True)


def test_the_workflow_is_paused_by_its_bare_name(
    tmp_path: Path, package: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _answer(capsys, tmp_path, package, "pause", "both-things", "shop")[1]["result"] == {
        "paused": ["server:shop", "workflow:both-things"]
    }
    assert _answer(capsys, tmp_path, package, "unpause", "both-things")[1]["result"] == {"paused": ["server:shop"]}
    code, said = _answer(capsys, tmp_path, package, "pause", "both")
    assert (code, said["error"]["code"]) == (2, "USAGE")
