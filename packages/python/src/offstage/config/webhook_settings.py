"""`webhooks` of `settings.json`: sources of webhooks, and how each proves its deliveries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal, TypeAlias

from offstage.base import parse_duration

from .shape import Shape, read

WebhookKind: TypeAlias = Literal["github", "stripe", "slack", "standard", "hmac", "bearer", "mtls"]
CertificateProxy: TypeAlias = Literal["envoy", "nginx", "traefik"]
"""The proxies whose headers are understood: how each tells which certificate a client has proven to own."""

_KINDS: tuple[WebhookKind, ...] = ("github", "stripe", "slack", "standard", "hmac", "bearer", "mtls")
_PROXIES: tuple[CertificateProxy, ...] = ("envoy", "nginx", "traefik")
_CERTIFICATE = ("proxy", "from", "fingerprint", "subject", "name")
_ONLY: Mapping[str, tuple[WebhookKind, ...]] = {
    **dict.fromkeys(_CERTIFICATE, ("mtls",)),
    "id": ("hmac", "bearer", "mtls"),
    "header": ("hmac", "mtls"),
    "algorithm": ("hmac",),
    "encoding": ("hmac",),
    "prefix": ("hmac",),
}
_KNOWN = ("verify", "secret", "limit", "rate", *_ONLY)
_MIB = 1 << 20
# A proxy on this machine, where nobody names another one.
_LOOPBACK = ("127.0.0.0/8", "::1")


@dataclass(frozen=True)
class Rate:
    """So many deliveries in a stretch of time."""

    count: int
    per_ms: int


@dataclass(frozen=True, kw_only=True)
class CertificateRule:
    """Which clients of a proxy are the source. The proxy has verified that the client owns its certificate; which one it is, nobody but us asks.

    `header`: the one with the certificate, in lower case; None: the proxy's usual one. `from_`: addresses of the proxy, `10.0.0.7` or
    `10.0.0.0/8`: whoever else reaches us could write such a header. `fingerprints`: SHA-256 of certificates, in lower case. `subjects`:
    `CN=partner,O=Acme`, in whatever order. `names`: `DNS:partner.example`, `URI:spiffe://acme/partner`.
    """

    proxy: CertificateProxy
    header: str | None
    from_: Sequence[str]
    fingerprints: Sequence[str]
    subjects: Sequence[str]
    names: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """One source. References in the secrets are not resolved.

    `max_bytes`: a larger body is refused. `rate`: None: all deliveries are taken. `id_header`: in lower case; None: there is none.
    `header`, `algorithm`, `encoding`, `prefix`: of `hmac` only. `certificate`: of `mtls` only.
    """

    name: str
    verify: WebhookKind
    secrets: Sequence[str] = ()
    max_bytes: int = _MIB
    rate: Rate | None = None
    id_header: str | None = None
    header: str = ""
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    certificate: CertificateRule | None = None
    names_proxy: bool = False


def webhook_settings(sources: Shape) -> list[WebhookSettings]:
    """The sources, with their defaults. Errors: `CONFIG_INVALID`."""
    return [_source(name, one) for name, one in sources.fields().items()]


def _source(name: str, shape: Shape) -> WebhookSettings:
    if re.fullmatch(r"[a-z0-9-]+", name) is None:
        raise shape.fault("A webhook is named by lower-case letters, digits and -.")
    fields = shape.fields(_KNOWN)
    if "verify" not in fields:
        raise shape.fault("it has no verify.")
    verify = fields["verify"].choice(_KINDS)
    _refuse_what_does_not_fit(verify, fields, shape)
    return WebhookSettings(
        name=name,
        verify=verify,
        secrets=_texts(fields, "secret"),
        max_bytes=read(fields, "limit", lambda one: one.whole(1, 10 * _MIB), _MIB),
        rate=read(fields, "rate", _rate, None),
        id_header=read(fields, "id", _header, None),
        header=read(fields, "header", _header, ""),
        algorithm=read(fields, "algorithm", lambda one: one.choice(("sha1", "sha256", "sha512")), "sha256"),
        encoding=read(fields, "encoding", lambda one: one.choice(("hex", "base64")), "hex"),
        prefix=read(fields, "prefix", _any_text, ""),
        certificate=_rule(fields) if verify == "mtls" else None,
        names_proxy="from" in fields,
    )


def _refuse_what_does_not_fit(verify: WebhookKind, fields: Mapping[str, Shape], shape: Shape) -> None:
    if verify == "mtls" and "secret" in fields:
        raise fields["secret"].fault("mtls has no secret: the proxy says who it is.")
    if verify != "mtls" and "secret" not in fields:
        raise shape.fault('Name its secret: "secret": "${secret:WEBHOOK_SECRET}".')
    if verify == "mtls" and "proxy" not in fields:
        raise shape.fault("Say which proxy tells of the certificate: proxy: envoy, nginx or traefik.")
    if verify == "mtls" and not any(name in fields for name in ("fingerprint", "subject", "name")):
        raise shape.fault(
            "Say which client it is, by fingerprint, subject or name: others have certificates of the same authority."
        )
    if verify == "hmac" and "header" not in fields:
        raise shape.fault('Say in which header the signature comes: "header": "x-signature".')
    for name, kinds in _ONLY.items():
        if name in fields and verify not in kinds:
            raise fields[name].fault(f"Only {' and '.join(kinds)} take this: {verify} says where it stands.")


def _rule(fields: Mapping[str, Shape]) -> CertificateRule:
    return CertificateRule(
        proxy=fields["proxy"].choice(_PROXIES),
        header=read(fields, "header", _header, None),
        from_=[_address(one) for one in fields["from"].several()] if "from" in fields else _LOOPBACK,
        fingerprints=[_fingerprint(one) for one in fields["fingerprint"].several()] if "fingerprint" in fields else (),
        subjects=_texts(fields, "subject"),
        names=[_alternative(one) for one in fields["name"].several()] if "name" in fields else (),
    )


def _texts(fields: Mapping[str, Shape], name: str) -> list[str]:
    return [one.text() for one in fields[name].several()] if name in fields else []


def _any_text(shape: Shape) -> str:
    return "" if shape.value == "" else shape.text()


def _header(shape: Shape) -> str:
    text = shape.text()
    if re.fullmatch(r"[\w-]+", text, re.ASCII) is None:
        raise shape.fault("This is no name of a header.")
    return text.lower()


def _rate(shape: Shape) -> Rate:
    match = re.fullmatch(r"([1-9][0-9]{0,6})/(\w+)", shape.text(), re.ASCII)
    per_ms = None if match is None else parse_duration(match[2])
    if match is None or per_ms is None or per_ms <= 0:
        raise shape.fault('Write how many in which time: "600/1m", or "20/1s".')
    return Rate(int(match[1]), per_ms)


def _address(shape: Shape) -> str:
    text = shape.text()
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise shape.fault("Write an address or a network: 10.0.0.7, 10.0.0.0/8, ::1.") from None
    return text


def _fingerprint(shape: Shape) -> str:
    text = shape.text().replace(":", "").lower()
    if re.fullmatch(r"[0-9a-f]{64}", text) is None:
        raise shape.fault(
            "Write the SHA-256 of the certificate: openssl x509 -in client.pem -noout -fingerprint -sha256"
        )
    return text


def _alternative(shape: Shape) -> str:
    if re.match(r"(?:DNS|URI|email|IP Address):.", shape.text()) is None:
        raise shape.fault(
            "Write a subject alternative name with its kind: DNS:partner.example, URI:spiffe://acme/partner."
        )
    return shape.text()
