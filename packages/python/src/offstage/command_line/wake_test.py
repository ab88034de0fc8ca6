"""A function of a cloud, woken."""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path

import pytest

from offstage.base import OffstageError
from offstage.command_line import run_package, wake
from offstage.command_line.command_io import CommandIo
from offstage.command_line.wake import HandedRequest
from offstage.testing.free_port import free_port

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


class _Invocation:
    def get_remaining_time_in_millis(self) -> int:
        return 100_000


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"slow_package_{tmp_path.name.rpartition('-')[2].strip('_')}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / name / "workflow.py").write_text(_WORKFLOW)
    (tmp_path / "mcp.json").write_text('{"mcpServers": {}}')
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return name


def test_where_the_store_is_away_a_sender_is_told_to_try_again_and_a_wake_fails(
    tmp_path: Path, package: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "sixteen-letters-of-a-secret"
    monkeypatch.setenv("DB_PASSWORD", password)
    store = {"postgres": f"postgresql://a:${{env:DB_PASSWORD}}@127.0.0.1:{free_port()}/x"}
    (tmp_path / "settings.json").write_text(json.dumps({"store": store}))
    handler = wake.lambda_handler(tmp_path, package)
    delivery = {"requestContext": {"http": {"method": "POST"}}, "rawPath": "/webhooks/x", "body": "{}"}
    assert handler(delivery, _Invocation())["statusCode"] == 503
    said = "".join(capsys.readouterr())
    assert "STORE_UNAVAILABLE" in said
    assert password not in said
    with pytest.raises(OffstageError) as raised:
        handler({}, _Invocation())
    assert password not in str(raised.value)


@pytest.mark.parametrize(
    "event",
    [
        {"requestContext": "junk"},
        {"requestContext": {"x": 1}},
        {"requestContext": None},
        {"requestContext": {"http": None}},
        {"httpMethod": "POST", "path": "/webhooks/x"},
        {"requestContext": {"http": {"method": "POST"}}, "rawPath": "/", "body": "a", "isBase64Encoded": True},
        {"requestContext": {"http": {"method": "POST"}}, "rawPath": "/", "body": "\ud800"},
    ],
)
def test_what_is_no_request_is_answered_with_that(tmp_path: Path, event: dict[str, object]) -> None:
    handler = wake.lambda_handler(tmp_path, "there_is_no_package")
    assert handler(event, _Invocation())["statusCode"] == 400


@pytest.mark.parametrize("event", [{}, None, [], "x", {"source": "aws.scheduler"}])
def test_whatever_is_no_request_wakes(tmp_path: Path, event: object, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[Path] = []

    def note(folder: Path, _package: str, *, until: float) -> None:
        assert until > time.monotonic()
        woken.append(folder)

    monkeypatch.setattr("offstage.command_line.wake.wake", note)
    assert wake.lambda_handler(tmp_path, "none")(event, _Invocation()) == {"ok": True}
    assert woken == [tmp_path]


@pytest.mark.parametrize("password", ["CANARY#pw9", "CANARYpw%zz", "CANARY pw", "CANARY/pw"])
def test_a_password_that_breaks_its_url_is_not_told(
    tmp_path: Path, package: str, password: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://u:{password}@127.0.0.1/db")
    (tmp_path / "settings.json").write_text(json.dumps({"store": {"postgres": "${env:DATABASE_URL}"}}))
    assert run_package(tmp_path, package, ["runs"]) != 0
    with pytest.raises(OffstageError) as raised:
        wake.lambda_handler(tmp_path, package)({}, _Invocation())
    said = "".join(capsys.readouterr())
    assert raised.value.code == "CONFIG_INVALID"
    assert "CANARY" not in said + "".join(traceback.format_exception(raised.value))


def test_what_breaks_and_quotes_a_secret_is_told_without_it(
    tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(io: CommandIo, *_: object) -> None:
        io.redactor.register("sixteen-letters-of-a-token", "API_TOKEN")
        raise ValueError("sixteen-letters-of-a-token")

    monkeypatch.setattr("offstage.command_line.wake._serve_until_done", breaks)
    request = HandedRequest(method="POST", path="/webhooks/x", headers={}, body=b"")
    with pytest.raises(OffstageError) as raised:
        wake.wake(tmp_path, package, until=time.monotonic() + 30, request=request)
    assert "sixteen-letters" not in "".join(traceback.format_exception(raised.value))
    assert "ValueError" in str(raised.value)


def test_a_run_that_goes_on_comes_to_its_end_also_where_handing_the_request_on_failed(
    tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(url: str, request: HandedRequest) -> None:
        until = time.monotonic() + 20
        while not (tmp_path / "begun").exists() and time.monotonic() < until:
            time.sleep(0.01)
        raise ConnectionResetError("reset by peer")

    monkeypatch.setattr("offstage.command_line.wake._hand", breaks)
    with pytest.raises(ConnectionResetError):
        wake.wake(
            tmp_path,
            package,
            until=time.monotonic() + 100,
            request=HandedRequest(method="POST", path="/webhooks/x", headers={}, body=b""),
        )
    capsys.readouterr()
    assert run_package(tmp_path, package, ["runs"]) == 0
    assert "succeeded" in capsys.readouterr().out
