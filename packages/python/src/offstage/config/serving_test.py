from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError, Redactor
from offstage.config import (
    CertificateRule,
    Listen,
    Rate,
    RedisQueue,
    UnservedQueue,
    WebhookSettings,
    load_configuration,
    parse_settings,
    resolve_queue,
)


def _fault(settings: dict[str, Any]) -> str:
    with pytest.raises(OffstageError) as raised:
        parse_settings(json.dumps(settings), "/home")
    assert raised.value.code == "CONFIG_INVALID"
    return raised.value.message


def test_sources_of_webhooks_have_their_defaults() -> None:
    sources = {
        "github": {"verify": "github", "secret": "${env:A}"},
        "own": {
            **{"verify": "hmac", "secret": ["${env:A}", "${env:B}"], "header": "X-Sig", "id": "X-Id", "rate": "600/1m"},
            **{"algorithm": "sha1", "encoding": "base64", "prefix": "sha1=", "limit": 5},
        },
        "partner": {"verify": "mtls", "proxy": "nginx", "fingerprint": ":".join(["AB"] * 32), "name": "DNS:a.example"},
    }
    read = parse_settings(json.dumps({"webhooks": sources}), "/home").webhooks
    rule = CertificateRule(
        proxy="nginx",
        header=None,
        from_=("127.0.0.0/8", "::1"),
        fingerprints=["ab" * 32],
        subjects=[],
        names=["DNS:a.example"],
    )
    assert read == [
        WebhookSettings(name="github", verify="github", secrets=["${env:A}"]),
        WebhookSettings(
            name="own",
            verify="hmac",
            secrets=["${env:A}", "${env:B}"],
            max_bytes=5,
            rate=Rate(600, 60_000),
            id_header="x-id",
            header="x-sig",
            algorithm="sha1",
            encoding="base64",
            prefix="sha1=",
        ),
        WebhookSettings(name="partner", verify="mtls", secrets=[], certificate=rule),
    ]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({}, "has no verify"),
        ({"verify": "github"}, "Name its secret"),
        ({"verify": "gitlab", "secret": "x"}, "github"),
        ({"verify": "github", "secret": "x", "id": "x-id"}, "Only hmac and bearer and mtls take this"),
        ({"verify": "hmac", "secret": "x"}, "in which header"),
        ({"verify": "bearer", "secret": "x", "id": "no header"}, "no name of a header"),
        ({"verify": "github", "secret": "x", "rate": "often"}, "how many in which time"),
        ({"verify": "github", "secret": "x", "limit": 11 << 20}, "whole number from 1"),
        ({"verify": "mtls", "secret": "x"}, "no secret"),
        ({"verify": "mtls", "name": "DNS:x"}, "which proxy"),
        ({"verify": "mtls", "proxy": "nginx"}, "which client"),
        ({"verify": "mtls", "proxy": "nginx", "name": "x"}, "subject alternative name"),
        ({"verify": "mtls", "proxy": "nginx", "fingerprint": "ab"}, "SHA-256"),
        ({"verify": "mtls", "proxy": "nginx", "name": "DNS:x", "from": "10.0.0.0/33"}, "an address or a network"),
        ({"verify": "github", "secret": "x", "other": 1}, 'no setting "other"'),
    ],
)
def test_a_source_that_cannot_be_is_told_where_and_why(source: dict[str, Any], says: str) -> None:
    message = _fault({"webhooks": {"hub": source}})
    assert "webhooks.hub" in message
    assert says in message


def test_where_it_serves() -> None:
    settings = parse_settings(
        '{"serve": {"listen": "[::1]:0", "concurrency": 3, "retry": false, "api": {}, "mcp": true}}', "/home"
    )
    assert (settings.serve.listen, settings.serve.opens) == (Listen("::1", 0), True)
    assert (settings.serve.not_yet, settings.serve.retry_ms) == (["api", "mcp"], 0)
    plain = parse_settings("{}", "/home").serve
    assert (plain.listen, plain.opens, plain.not_yet) == (Listen("127.0.0.1", 8400), False, [])
    assert (plain.retry_ms, parse_settings('{"serve": {"retry": "2h"}}', "/home").serve.retry_ms) == (
        86_400_000,
        7_200_000,
    )
    assert "too short" in _fault({"serve": {"retry": "1s"}})
    assert "an address and a port" in _fault({"serve": {"listen": "8400"}})
    assert "an address and a port" in _fault({"serve": {"listen": "127.0.0.1:65536"}})
    assert 'no setting "port"' in _fault({"serve": {"port": 1}})


def test_beyond_this_machine_a_source_by_certificates_says_where_its_proxy_is() -> None:
    hub = {"verify": "mtls", "proxy": "nginx", "name": "DNS:x"}
    assert "say where the proxy is" in _fault({"serve": {"listen": "0.0.0.0:1"}, "webhooks": {"hub": hub}})
    named = {"serve": {"listen": "0.0.0.0:1"}, "webhooks": {"hub": {**hub, "from": "10.0.0.7"}}}
    assert parse_settings(json.dumps(named), "/home").serve.listen == Listen("0.0.0.0", 1)


def test_queues_have_their_defaults() -> None:
    queues = {
        "jobs": {
            **{"kind": "redis", "url": "${env:R}", "stream": "s", "group": "g", "field": "f"},
            **{"deadLetter": "d", "limit": 5, "attempts": 3, "hold": "1m"},
        },
        "seen": {"kind": "nats", "url": "nats://n", "credentials": "${file:c}", "subject": "a.b"},
        "far": {"kind": "sqs", "url": "https://sqs.eu-central-1.amazonaws.com/1/far"},
    }
    jobs: dict[str, Any] = {"name": "jobs", "max_bytes": 5, "max_attempts": 3, "hold_ms": 60_000, "url": "${env:R}"}
    plain: dict[str, Any] = {"name": "q", "max_bytes": 1 << 20, "max_attempts": 10, "hold_ms": 30_000, "url": "x"}
    assert parse_settings(json.dumps({"queues": queues}), "/home").queues == [
        RedisQueue(**jobs, stream="s", group="g", field="f", dead_letters="d"),
        UnservedQueue(name="seen", kind="nats"),
        UnservedQueue(name="far", kind="sqs"),
    ]
    assert parse_settings('{"queues": {"q": {"kind": "redis", "url": "x"}}}', "/home").queues == [
        RedisQueue(**plain, stream="q", group="offstage", field=None, dead_letters="q:dead")
    ]


@pytest.mark.parametrize(
    ("name", "queue", "says"),
    [
        ("a", {}, "queues.a: it has no kind."),
        ("a", {"kind": "redis"}, "queues.a: it has no url."),
        ("a", {"kind": "carrier-pigeon", "url": "x"}, "queues.a.kind"),
        ("a", {"kind": "redis", "url": "x", "hold": "10ms"}, 'queues.a.hold: "10ms" is too short; the least is "1s".'),
        ("a", {"kind": "redis", "url": "x", "limit": 11 << 20}, "queues.a.limit"),
        ("a", {"kind": "redis", "url": "x", "subject": "s"}, 'no setting "subject"'),
        ("a b", {"kind": "redis", "url": "x"}, "A queue is named by letters, digits, _, . and -."),
    ],
)
def test_a_queue_that_cannot_be_is_told_where_and_why(name: str, queue: dict[str, Any], says: str) -> None:
    assert says in _fault({"queues": {name: queue}})


def _resolved(queue: dict[str, str], folder: Path, redactor: Redactor, env: dict[str, str]) -> RedisQueue:
    (folder / "settings.json").write_text(json.dumps({"queues": {"q": queue}}))
    configuration = load_configuration(folder, env, redactor)
    [found] = configuration.settings.queues
    assert isinstance(found, RedisQueue)
    return resolve_queue(found, configuration.sources, redactor)


def test_a_password_in_the_url_of_a_queue_is_kept_out_of_texts_as_it_stands_and_decoded(tmp_path: Path) -> None:
    redactor = Redactor()
    url = "rediss://ada:p%40ss-word-1@h:6379/2"
    assert _resolved({"kind": "redis", "url": "${env:URL}"}, tmp_path, redactor, {"URL": url}).url == url
    assert "ss-word" not in redactor.redact("p%40ss-word-1 p@ss-word-1")


@pytest.mark.parametrize("url", ["http://h", "redis://:a-pass/word-1@h", "x"])
def test_what_is_no_url_of_a_broker_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(OffstageError) as raised:
        _resolved({"kind": "redis", "url": url}, tmp_path, Redactor(), {})
    assert raised.value.code == "CONFIG_INVALID"
    assert "the queue q: its `url` is none of redis" in raised.value.message
    assert "a-pass" not in f"{raised.value.message} {raised.value.hint}"
