"""Whose certificate a proxy tells of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from offstage.config import CertificateProxy, CertificateRule
from offstage.triggers.webhook.digits import lenient_base64

CERTIFICATE_HEADERS: dict[CertificateProxy, str] = {
    "envoy": "x-forwarded-client-cert",
    "nginx": "ssl-client-cert",
    "traefik": "x-forwarded-tls-client-cert",
}
"""Where each proxy puts the certificate when nobody says otherwise."""

NGINX_VERDICT_HEADER = "ssl-client-verify"
"""Where nginx says whether the certificate was good: it forwards one that was not, too."""

# What OpenSSL calls those of which RFC 4514 says nothing.
_SHORT_NAMES = {
    NameOID.EMAIL_ADDRESS: "emailAddress",
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.SURNAME: "SN",
    NameOID.GIVEN_NAME: "GN",
    NameOID.TITLE: "title",
    NameOID.STREET_ADDRESS: "street",
}
_ENVOY = re.compile(r'([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^;,"]*))(?:;|\Z)', re.DOTALL)


@dataclass(frozen=True)
class _Told:
    """What is told of the client."""

    fingerprint: str | None
    subject: str | None
    names: Sequence[str]


def certificate_fault(rule: CertificateRule, header: Callable[[str], str | None], peer: str | None) -> str | None:
    """What is wrong; None: the client is one of the rule's. `peer`: the address of who sent the request, None when it is not known."""
    if peer is None or not _is_from(peer, rule.from_):
        return "it does not come from the proxy that `from` names"
    text = header(rule.header or CERTIFICATE_HEADERS[rule.proxy])
    if not text:
        return "it brings no certificate of its client"
    if rule.proxy == "nginx" and header(NGINX_VERDICT_HEADER) != "SUCCESS":
        return f"{NGINX_VERDICT_HEADER} does not say SUCCESS"
    told = _of_envoy(text) if rule.proxy == "envoy" else _of_certificate(text, rule.proxy)
    if told is None:
        return "its certificate cannot be read, or there is more than one header of it"
    fits = (
        (told.fingerprint is not None and told.fingerprint in rule.fingerprints)
        or (told.subject is not None and told.subject in [_normal(one) for one in rule.subjects])
        or any(name in told.names for name in rule.names)
    )
    return None if fits else "its client is another one"


def _is_from(peer: str, allowed: Sequence[str]) -> bool:
    try:
        address = ip_address(peer.split("%")[0])
    except ValueError:
        return False
    # An IPv4 address as a socket for both families tells it.
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ip_network(one, strict=False) for one in allowed)


def _of_envoy(text: str) -> _Told | None:
    """Envoy's XFCC: `By=…;Hash=…;Cert="…";Subject="…";URI=…;DNS=…`, one element for each proxy on the way (docs, "x-forwarded-client-cert"). More than one is refused: the first might be the client's own words.

    Envoy is to be set to `SANITIZE_SET`. It escapes nothing in names of a certificate: one that its authority signed with `;URI=…` inside
    cannot be told from two, nor from a subject where none is sent. Only the hash, which always comes and comes once, is beyond that.
    """
    pairs: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _ENVOY.match(text, place)
        if match is None:
            return None
        quoted = match[2]
        pairs.append((match[1].lower(), match[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)))
        place = match.end()

    def of(key: str) -> list[str]:
        return [value for name, value in pairs if name == key]

    if any(len(of(key)) > 1 for key in ("hash", "subject", "cert")):
        return None
    hashed, subject = next(iter(of("hash")), None), next(iter(of("subject")), None)
    return _Told(
        None if hashed is None else hashed.lower(),
        _normal(subject) if subject else None,
        [*(f"URI:{uri}" for uri in of("uri")), *(f"DNS:{name}" for name in of("dns"))],
    )


def _of_certificate(text: str, proxy: CertificateProxy) -> _Told | None:
    """The whole certificate: of nginx `$ssl_client_escaped_cert`; of Traefik without armour, and those that signed it behind it, with commas between. A second header would stand behind a comma and a space."""
    first, *more = text.split(",")
    if more and (proxy == "nginx" or any(one[:1].isspace() for one in more)):
        return None
    try:
        pem = unquote(first, errors="strict")
        certificate = (
            x509.load_pem_x509_certificate(pem.encode())
            if "-----BEGIN" in pem
            else x509.load_der_x509_certificate(lenient_base64(pem))
        )
        subject = ",".join(one.rfc4514_string(_SHORT_NAMES) for one in certificate.subject)
        return _Told(certificate.fingerprint(SHA256()).hex(), _normal(subject), _alternatives(certificate))
    except (ValueError, UnicodeError):
        return None


def _alternatives(certificate: x509.Certificate) -> list[str]:
    """By the names that OpenSSL has for their kinds."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    kinds = ((x509.DNSName, "DNS"), (x509.UniformResourceIdentifier, "URI"), (x509.RFC822Name, "email"))
    told = [f"{label}:{value}" for kind, label in kinds for value in names.get_values_for_type(kind)]
    return [*told, *(f"IP Address:{value}" for value in names.get_values_for_type(x509.IPAddress))]


def _normal(text: str) -> str:
    """The parts of a subject in an order of ours: proxies write them from either end."""
    parts = [re.sub(r"\s*=\s*", "=", part.strip(), count=1) for part in re.findall(r"(?:\\.|[^,\\])+", text, re.DOTALL)]
    return ",".join(sorted(part for part in parts if part != ""))
