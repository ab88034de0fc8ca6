import base64
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError, Redactor
from offstage.config import (
    Configuration,
    credential_key,
    load_configuration,
    parse_servers,
    parse_settings,
    resolve_postgres,
)
from offstage.config.reference_forms import ExecReference, parse_reference
from offstage.config.run_for_secret import create_run_for_secret
from offstage.config.secret_sources import SecretPlaces
from offstage.mcp import BearerAuth, ClientCredentialsAuth, HttpServerConfig, StdioServerConfig

Load = Callable[..., Configuration]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(
        servers: Mapping[str, Any], env: Mapping[str, str] | None = None, settings: Any = None, **more: Any
    ) -> Configuration:
        (tmp_path / "mcp.json").write_text(json.dumps({"mcpServers": servers, **more}))
        if settings is not None:
            (tmp_path / "settings.json").write_text(json.dumps(settings))
        return load_configuration(tmp_path, env or {}, Redactor())

    return load


def code_of(give: Callable[[], object]) -> str:
    with pytest.raises(OffstageError) as raised:
        give()
    return raised.value.code


def test_references_are_resolved_when_a_server_is_needed_and_each_secret_is_registered_first(
    load: Load, tmp_path: Path
) -> None:
    (tmp_path / "token.txt").write_text("from-a-file-1\n")
    script = tmp_path / "vault.py"
    script.write_text("print('from-a-program-1')")
    entry = {
        "command": "serve",
        "args": ["--url", "https://ada:pass-word-1@shop.example/?x=1", "${workspaceFolder}/data"],
        "env": {
            "API_TOKEN": "${env:SHOP_TOKEN}",
            "FILE": "${file:token.txt}",
            "VAULT": f"${{exec:{sys.executable} {script}}}",
            "MODE": "${env:SHOP_MODE:-plain}",
            "INPUT": "${input:shop-key}",
            "USER_NAME": "ada",
        },
    }
    config = load(
        {"shop": entry, "other": {"command": "x", "env": {"TOKEN": "${env:NOBODY_SET_IT}"}}},
        {"SHOP_TOKEN": "from-env-1234"},
        {"inputs": {"shop-key": "${secret:SHOP_KEY}"}},
        inputs=[{"id": "shop-key", "password": True}],
    )
    with pytest.raises(OffstageError, match="SHOP_KEY"):
        config.server("shop")
    config = load_configuration(tmp_path, {"SHOP_TOKEN": "from-env-1234", "SHOP_KEY": "from-input-1"}, Redactor())
    resolved = config.server("shop")
    server = resolved.config
    assert isinstance(server, StdioServerConfig)
    assert server.env() == {
        "API_TOKEN": "from-env-1234",
        "FILE": "from-a-file-1",
        "VAULT": "from-a-program-1",
        "MODE": "plain",
        "INPUT": "from-input-1",
        "USER_NAME": "ada",
    }
    assert server.args[2] == f"{tmp_path.resolve()}/data"
    secrets = ["from-env-1234", "from-a-file-1", "from-a-program-1", "from-input-1", "pass-word-1"]
    for secret in secrets:
        for form in (
            secret,
            base64.b64encode(secret.encode()).decode(),
            base64.b64encode(f"ada:{secret}".encode()).decode(),
            json.dumps(json.dumps(secret)),
        ):
            assert secret not in config.redactor.redact(f"<{form}>") and "[redacted" in config.redactor.redact(
                f"<{form}>"
            ), form
    assert resolved.target == "MODE=plain USER_NAME=ada https://ada@shop.example/"
    assert code_of(lambda: config.server("other")) == "SECRET_MISSING"
    assert code_of(lambda: config.server("nobody")) == "SERVER_UNKNOWN"


@pytest.mark.parametrize(
    ("env", "value", "code"),
    [
        ({}, "${env:TOKEN}", "SECRET_MISSING"),
        ({"TOKEN": ""}, "${TOKEN}", "SECRET_MISSING"),
        ({"TOKEN": "short"}, "${env:TOKEN}", "SECRET_TOO_SHORT"),
        ({}, "${file:nowhere}", "SECRET_MISSING"),
        ({}, "${exec:no-such-program-here}", "SECRET_MISSING"),
        ({}, "${input:x}", "SECRET_MISSING"),
        ({}, "${env:${X}}", "CONFIG_INVALID"),
        ({}, "${what:is this}", "CONFIG_INVALID"),
    ],
)
def test_what_cannot_be_had_is_told(load: Load, env: dict[str, str], value: str, code: str) -> None:
    assert code_of(lambda: load({"shop": {"command": "x", "env": {"API_TOKEN": value}}}, env).server("shop")) == code


def test_all_missing_secrets_are_told_at_once(load: Load) -> None:
    with pytest.raises(OffstageError) as raised:
        load({"shop": {"command": "x", "env": {"A_TOKEN": "${env:AAA}", "B_TOKEN": "${env:BBB}"}}}).server("shop")
    assert "AAA" in raised.value.message and "BBB" in raised.value.message


def test_a_name_that_sounds_like_a_secret_and_is_none_is_listed_as_plain(load: Load) -> None:
    servers = {"shop": {"command": "x", "env": {"KEY_ID": "short", "OWN": "${env:OWN}"}}}
    assert code_of(lambda: load(servers, {"OWN": "an-own-secret"}).server("shop")) == "SECRET_TOO_SHORT"
    config = load(servers, {"OWN": "an-own-secret"}, {"plain": ["KEY_ID"], "secrets": ["OWN"]})
    config.server("shop")
    assert config.redactor.redact("an-own-secret short") == "[redacted OWN] short"


def test_a_secret_that_is_rotated_is_used_from_then_on_and_what_was_there_before_while_it_is_away(
    load: Load, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text("the-first-one")
    config = load({"web": {"url": "https://shop.example/mcp", "headers": {"Authorization": "Bearer ${file:token}"}}})
    server = config.server("web").config
    assert isinstance(server, HttpServerConfig) and server.headers() == {"Authorization": "Bearer the-first-one"}
    file.write_text("the-second-one")
    assert server.headers() == {"Authorization": "Bearer the-second-one"}
    assert config.redactor.redact("the-second-one") == "[redacted token]"
    file.unlink()
    assert server.headers() == {"Authorization": "Bearer the-second-one"}


def test_programs_are_run_without_a_shell_once_and_not_for_ever(tmp_path: Path) -> None:
    assert parse_reference("exec:op read 'a b' --x=\"c d\"", "") == ExecReference(["op", "read", "a b", "--x=c d"])
    redactor = Redactor()
    redactor.register("swordfish-1234", "TOKEN")
    run = create_run_for_secret(SecretPlaces(env=dict(os.environ), folder=str(tmp_path)), redactor, 0.5)
    count = tmp_path / "count"
    program = f"open({str(count)!r}, 'a').write('x'); print('$HOME ; echo')"
    assert [run([sys.executable, "-c", program], ""), run([sys.executable, "-c", program], "")] == ["$HOME ; echo"] * 2
    assert count.read_text() == "x"
    for program, told in (
        ("import time; time.sleep(9)", "did not end"),
        ("import sys; sys.exit('no swordfish-1234')", r"exit code 1. It says: no \[redacted TOKEN\]"),
        ("", "printed nothing"),
        ("print('x' * 99999)", "more than"),
        (r"import sys; sys.stdout.buffer.write(b'\xff')", "UTF-8"),
    ):
        for _ in range(2):
            with pytest.raises(OffstageError, match=told):
                run([sys.executable, "-c", program], "place")


def test_comments_and_commas_too_many_of_other_clients_disturb_nobody() -> None:
    text = '{ // "x"\n "servers": { "a": { "command": "x", "args": ["//", 1, true,], "alwaysAllow": [] /* , */ }, "b": { "url": "https://x", "type": "sse" }, "c": { "command": "y", "disabled": true }, }, "inputs": [{ "id": "i", "type": "pickString", "options": ["p", { "value": "q" }] }] }'
    file = parse_servers(text)
    assert [(one.name, one.kind) for one in file.servers] == [("a", "stdio"), ("b", "http")]
    assert file.servers[0].kind == "stdio" and list(file.servers[0].args) == ["//", "1", "true"]
    assert list(file.disabled) == ["c"] and list(file.inputs[0].options) == ["p", "q"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"mcpServers":{"a":{}}}',
        '{"mcpServers":{"a":{"command":"x","url":"y"}}}',
        '{"mcpServers":{"1a":{"command":"x"}}}',
        '{"mcpServers":{"a":{"command":"x","env":{"A=B":"c"}}}}',
        '{"mcpServers":{"a":{"command":"x"}},"servers":{"a":{"command":"x"}}}',
        '{"mcpServers":{"a":{"url":"x","headers":{"a b":"c"}}}}',
    ],
)
def test_a_file_of_servers_that_is_none_is_refused(text: str) -> None:
    assert code_of(lambda: parse_servers(text)) == "CONFIG_INVALID"


def test_a_header_that_requests_cannot_carry_and_a_password_in_a_url_are_refused(load: Load) -> None:
    for entry in (
        {"url": "https://u:p@x.example/mcp"},
        {"url": "ftp://x.example"},
        {"url": "https://x.example", "headers": {"X": "a\nb"}},
    ):
        assert code_of(lambda entry=entry: load({"web": entry}).server("web")) == "CONFIG_INVALID"


def test_settings_have_defaults() -> None:
    settings = parse_settings(None, "/project")
    assert (settings.store.file, settings.store.postgres, settings.timeout_ms("x"), settings.dry_run) == (
        "/project/.offstage/store.db",
        None,
        60_000,
        False,
    )


def test_settings_say_what_is_permitted_and_how_servers_are_called() -> None:
    said: dict[str, Any] = {
        "version": 1,
        "policy": {
            "rules": [
                {
                    "verdict": "approve",
                    "server": "jira",
                    "tool": "delete_*",
                    "args": {"key": "PROD-*", "size": {"over": 3, "not": [4, 5]}},
                    "by": "ada",
                    "count": 2,
                },
                {
                    "verdict": "wait",
                    "outside": {"days": ["fri-mon"], "hours": "22:00-06:00", "timezone": "Europe/Berlin"},
                },
            ],
            "limits": [{"perDay": 5, "server": "jira"}],
            "classes": [{"server": "jira", "tool": "get_*", "effect": "read"}],
            "trustHints": True,
        },
        "plan": {"maxAge": "2h"},
        "servers": {
            "jira": {
                "timeout": "90s",
                "rate": {"perSecond": 2.5},
                "auth": {"kind": "bearer", "token": "${env:T}"},
                "elicitation": "decline",
            }
        },
        "retention": {"runs": "forever"},
        "approvals": {"groups": {"team": ["ada"]}, "timeout": "1h"},
    }
    settings = parse_settings(json.dumps(said), "/project")
    assert settings.policy["rules"][0].get("args") == {
        "key": {"is": ["PROD-*"]},
        "size": {"over": 3, "not": {"is": [4, 5]}},
    }
    assert settings.policy["rules"][1].get("outside") == {
        "days": [0, 1, 5, 6],
        "from": 1_320,
        "to": 360,
        "timezone": "Europe/Berlin",
    }
    assert (settings.policy["planMaxAgeMs"], settings.policy["trustHints"], settings.policy["approvers"]) == (
        7_200_000,
        True,
        {"groups": {"team": ["ada"]}, "fourEyes": False, "timeoutMs": 3_600_000},
    )
    assert (
        settings.timeout_ms("jira"),
        settings.timeout_ms("x"),
        settings.policy_effect("jira", "get_issue"),
        settings.policy_effect("jira", "add"),
    ) == (90_000, 60_000, "read", None)


def test_settings_that_are_unknown_or_wrong_are_refused() -> None:
    wrongs: list[Any] = [
        {"polcy": {}},
        {"policy": {"rule": []}},
        {"policy": {"rules": [{}]}},
        {"policy": {"rules": [{"verdict": "allow", "by": "ada"}]}},
        {"policy": {"rules": [{"verdict": "wait"}]}},
        {"servers": {"a": {"timeout": "9y"}}},
        {"servers": {"a": {"timeout": "2d"}}},
        {"version": 2},
        {"dryRun": "yes"},
        [],
        {"store": {"schema": "x"}},
        {"servers": {"a": {"rate": {}}}},
        {"policy": {"rules": [{"verdict": "deny", "when": {"days": "mon", "timezone": "Mars"}}]}},
    ]
    for wrong in wrongs:
        assert code_of(lambda wrong=wrong: parse_settings(json.dumps(wrong), "/project")) == "CONFIG_INVALID", wrong


@pytest.mark.parametrize(
    "server",
    [
        {"sandbox": True},
        {"elicitation": "ask"},
        {"sampling": "allow"},
        {"roots": ["data"]},
        {"auth": {"kind": "login"}},
    ],
)
def test_a_setting_that_is_not_obeyed_is_refused_rather_than_passed_by(server: Any) -> None:
    assert code_of(lambda: parse_settings(json.dumps({"servers": {"a": server}}), "/project")) == "NOT_YET"


def test_tokens_of_servers_over_http(load: Load) -> None:
    servers = {"web": {"url": "https://shop.example/mcp"}, "own": {"command": "x"}}
    settings = {"servers": {"web": {"auth": {"kind": "bearer", "token": "${env:T}"}}}}
    config = load(servers, {"T": "a-bearer-token"}, settings)
    server = config.server("web").config
    assert (
        isinstance(server, HttpServerConfig)
        and isinstance(server.auth, BearerAuth)
        and server.auth.token() == "a-bearer-token"
    )
    assert config.redactor.redact("a-bearer-token") == "[redacted token]"
    settings = {
        "servers": {
            "web": {
                "auth": {
                    "kind": "client-credentials",
                    "clientId": "me",
                    "clientSecret": "${env:T}",
                    "issuer": "https://login.example",
                }
            }
        }
    }
    config = load(servers, {"T": "a-client-secret"}, settings)
    server = config.server("web").config
    assert isinstance(server, HttpServerConfig) and isinstance(server.auth, ClientCredentialsAuth)
    assert "client secret" in config.redactor.redact(base64.b64encode(b"me:a-client-secret").decode())
    assert (
        code_of(
            lambda: load(
                servers,
                {"T": "a-bearer-token"},
                {"servers": {"own": {"auth": {"kind": "bearer", "token": "${env:T}"}}}},
            ).server("own")
        )
        == "CONFIG_INVALID"
    )


def test_a_store_in_postgres_has_its_password_registered_and_never_quoted(load: Load) -> None:
    config = load(
        {},
        {"DB": "postgresql://ada:p%40ss-word-1@db.example/shop?sslmode=require"},
        {"store": {"postgres": "${env:DB}"}},
    )
    found = resolve_postgres(config.settings.store, config.sources, config.redactor)
    assert found is not None and found.schema == "offstage"
    assert (
        config.redactor.redact("p@ss-word-1 p%40ss-word-1")
        == "[redacted the store's password] [redacted the store's password]"
    )
    config = load({}, {"DB": "mysql://ada:secret-word-1@db"}, {"store": {"postgres": "${env:DB}"}})
    with pytest.raises(OffstageError) as raised:
        resolve_postgres(config.settings.store, config.sources, config.redactor)
    assert "secret-word-1" not in f"{raised.value} {raised.value.hint}"


def test_servers_with_one_secret_share_their_limits(load: Load) -> None:
    config = load(
        {
            "a": {"command": "x", "env": {"TOKEN": "${env:T}"}},
            "b": {"url": "https://x.example", "headers": {"Authorization": "Bearer ${env:T}"}},
            "c": {"command": "x"},
        },
        {"T": "one-token-1234"},
    )
    keys = [credential_key(config.server(name), "store") for name in "abc"]
    assert keys[0] == keys[1] != keys[2] and len(keys[0]) == 3
    assert credential_key(config.server("a"), "other store") != keys[0]
