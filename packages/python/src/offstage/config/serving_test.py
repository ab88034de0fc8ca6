from __future__ import annotations

import json
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.config import CertificateRule, Listen, Rate, WebhookSettings, parse_settings


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
    settings = parse_settings('{"serve": {"listen": "[::1]:0", "concurrency": 3, "retry": false, "api": {}}}', "/home")
    assert (settings.serve.listen, settings.serve.opens) == (Listen("::1", 0), True)
    assert (settings.serve.not_yet, settings.serve.retry_ms) == (["api"], 0)
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
