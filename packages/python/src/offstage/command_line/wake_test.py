"""A function of a cloud, woken."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from offstage.command_line import run_package, wake
from offstage.command_line.wake import HandedRequest

_WORKFLOW = """import asyncio
from pathlib import Path

from offstage import Context, every, workflow

FOLDER = Path(__file__).parent.parent


@workflow(name="slow", on=[every("1s")])
async def slow(context: Context) -> object:
    (FOLDER / "begun").touch()
    await asyncio.sleep(1)
    return "whole"
"""


def test_a_run_that_goes_on_comes_to_its_end_also_where_handing_the_request_on_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "slow_package").mkdir()
    (tmp_path / "slow_package" / "__init__.py").write_text("")
    (tmp_path / "slow_package" / "workflow.py").write_text(_WORKFLOW)
    (tmp_path / "mcp.json").write_text('{"mcpServers": {}}')
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def breaks(url: str, request: HandedRequest) -> None:
        until = time.monotonic() + 20
        while not (tmp_path / "begun").exists() and time.monotonic() < until:
            time.sleep(0.01)
        raise ConnectionResetError("reset by peer")

    monkeypatch.setattr("offstage.command_line.wake._hand", breaks)
    with pytest.raises(ConnectionResetError):
        wake.wake(
            tmp_path,
            "slow_package",
            until=time.monotonic() + 100,
            request=HandedRequest(method="POST", path="/webhooks/x", headers={}, body=b""),
        )
    capsys.readouterr()
    assert run_package(tmp_path, "slow_package", ["runs"]) == 0
    assert "succeeded" in capsys.readouterr().out
