"""What a person types, and what a store holds of long ago, is shown by commands that need no server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from offstage.base import Redactor
from offstage.config import load_configuration


def registered(
    folder: Path, servers: dict[str, Any], env: dict[str, str], settings: dict[str, Any] | None = None
) -> Redactor:
    (folder / "mcp.json").write_text(json.dumps({"mcpServers": servers}))
    (folder / "settings.json").write_text(json.dumps(settings or {}))
    redactor = Redactor()
    load_configuration(folder, env, redactor)
    return redactor


def test_secrets_of_every_server_are_known_before_one_is_used(tmp_path: Path) -> None:
    servers = {
        "a": {"command": "a", "env": {"A_TOKEN": "${A_TOKEN}"}},
        "b": {"url": "https://b.example", "headers": {"Authorization": "Bearer ${env:B_TOKEN}"}},
    }
    redactor = registered(tmp_path, servers, {"A_TOKEN": "swordfish-a-1234", "B_TOKEN": "swordfish-b-1234"})
    assert "swordfish" not in redactor.redact("swordfish-a-1234 and swordfish-b-1234")


def test_one_that_is_missing_keeps_none_of_the_others_out_of_sight(tmp_path: Path) -> None:
    servers = {
        "a": {"command": "${env:NOWHERE}", "args": ["--key", "${env:KEY_SECRET}"], "env": {"A_TOKEN": "${A_TOKEN}"}}
    }
    redactor = registered(tmp_path, servers, {"A_TOKEN": "swordfish-a-1234", "KEY_SECRET": "swordfish-k-1234"})
    assert "swordfish" not in redactor.redact("swordfish-a-1234 and swordfish-k-1234")


def test_passwords_of_the_store_and_tokens_of_the_settings_are_known_too(tmp_path: Path) -> None:
    settings = {
        "store": {"postgres": "${env:DATABASE_URL}"},
        "servers": {"b": {"auth": {"kind": "bearer", "token": "${env:B}"}}},
    }
    env = {"DATABASE_URL": "postgresql://ada:swordfish-p-1234@db/x", "B": "swordfish-b-1234"}
    redactor = registered(tmp_path, {"b": {"url": "https://${env:NOWHERE}"}}, env, settings)
    assert "swordfish" not in redactor.redact("swordfish-p-1234 and swordfish-b-1234")


def test_no_program_is_run_for_it(tmp_path: Path) -> None:
    servers = {"a": {"command": "a", "env": {"A_TOKEN": f"${{exec:touch {tmp_path}/ran}}"}}}
    registered(tmp_path, servers, {})
    assert not (tmp_path / "ran").exists()
