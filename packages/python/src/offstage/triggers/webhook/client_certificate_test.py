from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from offstage.config import CertificateProxy, CertificateRule
from offstage.triggers.webhook.client_certificate import certificate_fault


def _certificate(name: str) -> x509.Certificate:
    key = generate_private_key(SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme, Inc."),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.EMAIL_ADDRESS, "a@acme.test"),
        ]
    )
    names = [x509.DNSName(f"{name}.example"), x509.UniformResourceIdentifier(f"spiffe://acme/{name}")]
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, SHA256())
    )


PARTNER, OTHER = _certificate("partner"), _certificate("other")
_HASH = PARTNER.fingerprint(SHA256()).hex()


def _sent(proxy: CertificateProxy, one: x509.Certificate) -> dict[str, str]:
    name = "partner" if one is PARTNER else "other"
    if proxy == "envoy":
        told = (
            rf'Subject="CN={name},O=Acme\\, Inc.,emailAddress=a@acme.test";URI=spiffe://acme/{name};DNS={name}.example'
        )
        return {"x-forwarded-client-cert": f"By=spiffe://here;Hash={one.fingerprint(SHA256()).hex()};{told}"}
    pem = one.public_bytes(Encoding.PEM).decode()
    if proxy == "nginx":
        return {"ssl-client-verify": "SUCCESS", "ssl-client-cert": quote(pem)}
    bare = quote(base64.b64encode(one.public_bytes(Encoding.DER)).decode())
    return {"x-forwarded-tls-client-cert": f"{bare},{bare}"}


def _rule(proxy: CertificateProxy, **more: Any) -> CertificateRule:
    said: dict[str, Any] = {"fingerprints": [], "subjects": [], "names": [], "from_": ["127.0.0.0/8", "::1"], **more}
    return CertificateRule(proxy=proxy, header=None, **said)


_PROXIES: list[CertificateProxy] = ["envoy", "nginx", "traefik"]


@pytest.mark.parametrize("proxy", _PROXIES)
@pytest.mark.parametrize(
    "more",
    [
        {"fingerprints": ["00", _HASH]},
        {"subjects": [r"emailAddress=a@acme.test, O = Acme\, Inc., CN=partner"]},
        {"names": ["DNS:partner.example"]},
        {"names": ["URI:spiffe://acme/partner"]},
    ],
)
def test_a_client_is_known_by_its_fingerprint_subject_or_name_and_another_is_not(
    proxy: CertificateProxy, more: dict[str, Any]
) -> None:
    rule = _rule(proxy, **more)
    assert certificate_fault(rule, _sent(proxy, PARTNER).get, "127.0.0.1") is None
    assert certificate_fault(rule, _sent(proxy, PARTNER).get, "::ffff:127.0.0.1") is None
    assert certificate_fault(rule, _sent(proxy, OTHER).get, "127.0.0.1") == "its client is another one"
    assert certificate_fault(rule, lambda _name: None, "127.0.0.1") == "it brings no certificate of its client"
    for peer in ("10.0.0.9", None, "no address"):
        fault = certificate_fault(rule, _sent(proxy, PARTNER).get, peer)
        assert fault == "it does not come from the proxy that `from` names"


@pytest.mark.parametrize("proxy", _PROXIES)
def test_of_two_headers_none_is_believed(proxy: CertificateProxy) -> None:
    rule = _rule(proxy, fingerprints=[_HASH])
    one, two = _sent(proxy, PARTNER), _sent(proxy, OTHER)
    both = {name: f"{text}, {two[name]}" for name, text in one.items()} | (
        {"ssl-client-verify": "SUCCESS"} if proxy == "nginx" else {}
    )
    fault = certificate_fault(rule, both.get, "127.0.0.1")
    assert fault == "its certificate cannot be read, or there is more than one header of it"


def test_nginx_has_to_say_that_the_certificate_is_good() -> None:
    sent = {**_sent("nginx", PARTNER), "ssl-client-verify": "FAILED:expired"}
    fault = certificate_fault(_rule("nginx", fingerprints=[_HASH]), sent.get, "127.0.0.1")
    assert fault == "ssl-client-verify does not say SUCCESS"


def test_a_name_with_a_comma_in_it_is_not_two() -> None:
    # Envoy's element ends at a comma: what stands behind it is another proxy's word.
    sent = {"x-forwarded-client-cert": "Hash=00;URI=spiffe://x,Hash=" + _HASH}
    assert certificate_fault(_rule("envoy", fingerprints=[_HASH]), sent.get, "127.0.0.1") is not None
