"""What TypeScript makes of replies, lines, texts and files, by vectors made in the same run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offstage.base import Data, OffstageError, Redactor, parse_exact, stringify_exact
from offstage.calls import Rule, RuleReply, hash_tool
from offstage.calls.outcome import Judgement, judge
from offstage.config import parse_servers, parse_settings
from offstage.config.credentials import mask_credentials
from offstage.config.env_file import read_env_file
from offstage.config.reference_forms import (
    EnvReference,
    ExecReference,
    FileReference,
    InputReference,
    PlaceReference,
    SecretReference,
    parse_reference,
)
from offstage.config.secret_names import is_connection_name, may_be_mode, sounds_secret
from offstage.config.secret_sources import SecretPlaces
from offstage.config.server_entry import StdioEntry
from offstage.config.target import target_of_process
from offstage.mcp.issue_text import without_issue_dump
from offstage.mcp.protocol_line import read_protocol_line
from offstage.mcp.reply import RawError, RawReply, RawResult
from offstage.testing.vectors import vectors

Vector = dict[str, Any]


def _reply(data: Any) -> RawReply:
    if data["kind"] == "error":
        return RawError(error=data["error"], sent=data["sent"], text=data.get("text"))
    return RawResult(
        is_error=data["isError"],
        structured=data.get("structured"),
        has_structured="structured" in data,
        content=data["content"],
        declined=data["declined"],
    )


def _predicate(holds: str | None) -> Callable[[RuleReply], bool] | None:
    def ask(seen: RuleReply) -> bool:
        if holds == "raises":
            raise TypeError("it cannot be read")
        return (holds or "") in seen.text

    return None if holds is None else ask


def _result(kind: str | None) -> Callable[[RuleReply], Data] | None:
    def result(seen: RuleReply) -> Data:
        if kind == "raises":
            raise TypeError("it cannot be read")
        return {"key": seen.text} if kind == "text" else seen.data

    return None if kind is None else result


def _judge(vector: Vector) -> Any:
    redactor = Redactor()
    redactor.register("swordfish-1234", "TOKEN")
    said = vector["rule"]
    rule = Rule(
        effect=said["effect"],
        sensitive=said["sensitive"],
        failed=_predicate(said["failed"]),
        refused=_predicate(said["refused"]),
        gone=_predicate(said["gone"]),
        result=_result(said["result"]),
    )
    return vars(judge(_reply(parse_exact(vector["reply"])), Judgement(what="shop.tool", rule=rule, redactor=redactor)))


def _reference(vector: Vector) -> Any:
    found = parse_reference(vector["inner"], "p")
    match found:
        case EnvReference():
            return {"form": "env", "name": found.name, "fallback": found.fallback}
        case FileReference():
            return {"form": "file", "path": found.path}
        case ExecReference():
            return {"form": "exec", "argv": list(found.argv)}
        case SecretReference():
            return {"form": "secret", "name": found.name}
        case InputReference():
            return {"form": "input", "id": found.id}
        case PlaceReference():
            return {"form": "place", "name": found.name}


def _servers(vector: Vector) -> Any:
    file = parse_servers(vector["text"])
    entries = [
        {
            "kind": "stdio",
            "name": one.name,
            "command": one.command,
            "args": list(one.args),
            "env": dict(one.env),
            "cwd": one.cwd,
            "envFile": one.env_file,
        }
        if isinstance(one, StdioEntry)
        else {
            "kind": "http",
            "name": one.name,
            "url": one.url,
            "headers": dict(one.headers),
            **({"sse": True} if one.sse else {}),
        }
        for one in file.servers
    ]
    return {"servers": entries, "disabled": list(file.disabled), "inputs": [one.id for one in file.inputs]}


def _settings(vector: Vector) -> Any:
    settings = parse_settings(vector["text"], "/project")
    rates = [
        [
            name,
            {
                key: value
                for key, value in (("perSecond", rate.per_second), ("concurrent", rate.concurrent))
                if value is not None
            },
        ]
        for name, rate in settings.rates.items()
    ]
    unplaced = {
        name: [{key: value for key, value in one.items() if key != "place"} for one in settings.policy[name]]
        for name in ("rules", "limits")
    }
    return {
        "policy": {**settings.policy, **unplaced},
        "classes": [vars(one) for one in settings.classes],
        "retention": {"runsMs": settings.retention_ms["runs"], "eventsMs": settings.retention_ms["events"]},
        "timeouts": [list(one) for one in settings.timeouts_ms.items()],
        "rates": rates,
        "secrets": list(settings.secrets),
        "plain": list(settings.plain),
        "dryRun": settings.dry_run,
        "store": settings.store.file,
    }


def _env_file(vector: Vector, folder: Path) -> Any:
    # A comment makes it a file that is not empty.
    (folder / "env").write_text(vector["text"] + "#", newline="")
    return read_env_file("env", SecretPlaces(env={}, folder=str(folder)), "p")


def _line(vector: Vector) -> Any:
    message = read_protocol_line(vector["line"])
    return None if message is None else stringify_exact(message)


ASK: dict[str, Callable[[Vector], Any]] = {
    "judge": _judge,
    "mask": lambda vector: vars(mask_credentials(vector["text"])),
    "name": lambda vector: [
        sounds_secret(vector["name"]),
        may_be_mode(vector["name"]),
        is_connection_name(vector["name"]),
    ],
    "reference": _reference,
    "target": lambda vector: target_of_process(
        vector["args"], {name: (one["shown"], one["secret"]) for name, one in vector["env"].items()}
    ),
    "hash": lambda vector: hash_tool(parse_exact(vector["text"])),
    "line": _line,
    "issues": lambda vector: without_issue_dump(vector["text"]),
    "servers": _servers,
    "settings": _settings,
}


def _said(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except OffstageError as error:
        return error.code


def _expected(vector: Vector) -> Any:
    gives: Any = vector.get("throws", vector.get("gives"))
    return parse_exact(gives) if vector["of"] == "judge" else gives


@pytest.mark.parametrize("of", [*ASK, "env-file"])
def test_python_says_what_typescript_says(of: str, tmp_path: Path) -> None:
    cases = [vector for vector in vectors("servers") if vector["of"] == of]
    assert len(cases) > 0
    wrong: list[tuple[Vector, Any]] = []
    for vector in cases:
        said = _said(lambda vector=vector: _env_file(vector, tmp_path) if of == "env-file" else ASK[of](vector))
        if said != _expected(vector):
            wrong.append((vector, said))
    assert wrong[:3] == [], f"{len(wrong)} of {len(cases)}"
