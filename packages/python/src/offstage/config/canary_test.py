"""Secrets are planted wherever one may stand, servers say them in every form and place, and nothing that comes out has any of them."""

import asyncio
import base64
import html
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from offstage.base import Redactor
from offstage.calls import Calls, CallsOptions, Offer
from offstage.config import load_configuration
from offstage.mcp import ServerPool, ServerPoolOptions
from offstage.telemetry import Log, telemetry_settings
from offstage.telemetry.tracing import DrivenRun, ServerAddress, Telemetry
from offstage.testing.worlds import HERE, MemoryBlobs, OneRule, RealClock, http_server, reading, writing

SECRETS: Mapping[str, str] = {
    "env": 'env/s3cr+t="é',
    "file": "file/s3cr+t=~x",
    "exec": "exec/s3cr+t=&x",
    "header": "header/s3cr+t=x",
    "bearer": "bearer/s3cr+t=x",
    "plain": "literal-s3cr+t=x",
}


def forms_of(secret: str) -> list[str]:
    data = secret.encode()
    once = json.dumps(secret)[1:-1]
    return [
        secret,
        once,
        json.dumps(once)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        base64.b64encode(data).decode(),
        base64.urlsafe_b64encode(data).decode(),
        base64.b64encode(b"bob:" + data).decode(),
        quote(secret, safe=""),
        quote(secret),
        data.hex(),
        html.escape(secret),
    ]


def project(folder: Path, port: int) -> dict[str, str]:
    (folder / "secret").write_text(SECRETS["file"])
    (folder / "vault.py").write_text(f"print({SECRETS['exec']!r})")
    url = f"http://127.0.0.1:{port}/mcp"
    env = {
        "A_TOKEN": "${env:CANARY}",
        "B": "${file:secret}",
        "C": f"${{exec:{sys.executable} vault.py}}",
        "D_PASSWORD": SECRETS["plain"],
        "USER": "ada",
    }
    servers = {
        "shop": {"command": sys.executable, "args": [str(HERE / "faulty_server.py")], "env": env},
        "quits": {
            "command": sys.executable,
            "args": ["-c", "import os, sys; print(os.environ['A_TOKEN'], file=sys.stderr); sys.exit(os.environ['B'])"],
            "env": env,
        },
        "garbage": {"command": sys.executable, "args": ["-c", "import os; print(os.environ['C'])"], "env": env},
        "web": {"url": url, "headers": {"X-Api-Key": "${env:HEADER}"}},
        "bearer": {"url": url},
        "nobody": {
            "url": f"http://127.0.0.1:9/{quote(SECRETS['header'], safe='')}",
            "headers": {"X-Api-Key": "${env:HEADER}"},
        },
    }
    (folder / "mcp.json").write_text(json.dumps({"mcpServers": servers}))
    (folder / "settings.json").write_text(
        json.dumps({"servers": {"bearer": {"auth": {"kind": "bearer", "token": "${env:BEARER}"}}}})
    )
    return {**os.environ, "CANARY": SECRETS["env"], "HEADER": SECRETS["header"], "BEARER": SECRETS["bearer"]}


async def play(folder: Path, env: Mapping[str, str], out: list[str]) -> None:
    redactor, clock = Redactor(), RealClock()
    config = load_configuration(folder, env, redactor, out.append)
    log = Log(write=out.append, now=clock.now, redactor=redactor, version="0")
    spans, metrics = InMemorySpanExporter(), InMemoryMetricReader()
    settings = telemetry_settings({"OTEL_EXPORTER_OTLP_ENDPOINT": "x"})
    assert settings is not None
    telemetry = Telemetry(settings, "0", spans, metrics)
    pool = ServerPool(
        ServerPoolOptions(
            servers=config.pool_servers(),
            clock=clock,
            redactor=redactor,
            inherited_env=env,
            on_stderr=log.server,
            client_version="0",
        )
    )
    rules, blobs = OneRule(writing()), MemoryBlobs()
    sessions = telemetry.sessions(pool.session, lambda _: ServerAddress(transport="pipe"))
    calls = Calls(
        CallsOptions(
            sessions=sessions, rules=rules, redactor=redactor, clock=clock, timeout_ms=lambda _: 20_000, blobs=blobs
        )
    )

    async def ask(server: str, tool: str, args: Any) -> None:
        for rule in (writing(), reading()):
            rules.now = rule
            out.append(repr(await calls.call(server, tool, args)))

    try:
        with telemetry.run(DrivenRun(id="r", root_id="r", workflow="w", cause="call", started_at=0)) as span:
            # Each is known once its server was needed.
            for server in ("quits", "garbage", "nobody", "shop", "web", "bearer"):
                await ask(server, "structured", {})
            for form in [form for secret in SECRETS.values() for form in forms_of(secret)]:
                for tool in ("echo", "is_error", "say", "arguments", "fails_with"):
                    await ask("shop", tool, {"text": f"<{form}>", "picture": base64.b64encode(form.encode()).decode()})
            for tool in ("headers", "too_much_of_headers", "refuses_headers"):
                for server in ("web", "bearer"):
                    await ask(server, tool, {})
            out.append(repr(await calls.read_offer("shop", Offer(kind="prompt", name="p"))))
            span.ended, span.status = True, "failed"
        out.append(repr(await pool.catalogue("shop")))
    finally:
        await pool.close()
    telemetry._tracers.force_flush()  # pyright: ignore[reportPrivateUsage]
    data = metrics.get_metrics_data()
    out.extend(
        [
            *(one.to_json() for one in spans.get_finished_spans()),
            "" if data is None else data.to_json(),
            repr(blobs.kept),
        ]
    )


def test_no_secret_comes_out_anywhere_in_any_of_its_forms(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    out: list[str] = []
    caplog.set_level(logging.DEBUG)
    with http_server() as port:
        env = project(tmp_path, port)
        asyncio.run(play(tmp_path, env, out))
    captured = capfd.readouterr()
    text = "\n".join([*out, captured.out, captured.err, caplog.text])
    assert text.count("[redacted") > 500
    # Of the credentials, also what the secret alone decides.
    middles = {name: base64.b64encode(f"bob:{secret}".encode()).decode()[8:-8] for name, secret in SECRETS.items()}
    found = {
        name: form for name, secret in SECRETS.items() for form in [*forms_of(secret), middles[name]] if form in text
    }
    assert found == {}
