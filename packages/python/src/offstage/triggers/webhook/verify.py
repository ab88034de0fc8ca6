"""Whether a delivery is its source's own."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from offstage.config import CertificateRule, WebhookKind
from offstage.triggers.webhook.client_certificate import CERTIFICATE_HEADERS, NGINX_VERDICT_HEADER, certificate_fault
from offstage.triggers.webhook.digits import from_base64, from_hex, lenient_base64

# A signed time that is further away than this is a replay. Stripe's, Slack's and Standard Webhooks' own choice.
_TOLERANCE_S = 300
_TIME = re.compile(r"[0-9]{1,12}")

PROOF_HEADERS = frozenset(
    {
        *("authorization", "proxy-authorization", "cookie", "x-hub-signature", "x-hub-signature-256"),
        *("stripe-signature", "x-slack-signature", "webhook-signature", "x-forwarded-tls-client-cert-info"),
        *(NGINX_VERDICT_HEADER, *CERTIFICATE_HEADERS.values()),
    }
)
"""Headers that prove a delivery and are no part of the event, whatever the scheme."""


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """How a source of webhooks proves that a delivery is its own. Of several secrets any will do, so that they can be rotated.

    `id_header`: the header that tells deliveries apart, in lower case; None where there is none, or the kind has its own. `header`,
    `algorithm`, `encoding`, `prefix`: of `hmac`. `rule`: of `mtls`: a proxy has asked the client for a certificate, and tells which one it was.
    """

    kind: WebhookKind
    secrets: Sequence[str] = ()
    id_header: str | None = None
    header: str = ""
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    rule: CertificateRule | None = None


@dataclass(frozen=True)
class RawDelivery:
    """What a delivery brings, before anything of it is parsed. `header`: by lower-case name, None when absent. `peer`: the address of who sent it; None when that is not known."""

    header: Callable[[str], str | None]
    body: bytes
    peer: str | None = None


@dataclass(frozen=True)
class Genuine:
    """`id`: what tells the delivery from others; None: its body says, or nothing does."""

    id: str | None


@dataclass(frozen=True)
class Refused:
    """`why`: what is wrong."""

    why: str


Verdict: TypeAlias = Genuine | Refused


def verify_delivery(scheme: Scheme, delivery: RawDelivery, now: int) -> Verdict:
    """Looks whether a delivery is genuine. Signatures are compared in constant time; nothing of the body is read before. `now` in ms since the epoch."""
    header = delivery.header
    match scheme.kind:
        case "github":
            sent = from_hex(_after(header("x-hub-signature-256"), "sha256="))
            signed = _is_signed(scheme.secrets, "sha256", delivery.body, [sent])
            return _absent(delivery, "x-hub-signature-256") or _genuine_if(signed, header("x-github-delivery"))
        case "slack":

            def slack(time: str) -> Verdict:
                sent = from_hex(_after(header("x-slack-signature"), "v0="))
                whole = f"v0:{time}:".encode() + delivery.body
                return _genuine_if(_is_signed(scheme.secrets, "sha256", whole, [sent]), None)

            return _timed(header("x-slack-request-timestamp"), now, slack)
        case "stripe":
            return _stripe(scheme.secrets, delivery, now)
        case "standard":
            return _standard(scheme.secrets, delivery, now)
        case "hmac":
            text = _after(header(scheme.header), scheme.prefix)
            sent = from_hex(text) if scheme.encoding == "hex" else from_base64(text)
            signed = _is_signed(scheme.secrets, scheme.algorithm, delivery.body, [sent])
            return _absent(delivery, scheme.header) or _genuine_if(signed, _id_of(delivery, scheme.id_header))
        case "mtls":
            fault = "it has no rule" if scheme.rule is None else certificate_fault(scheme.rule, header, delivery.peer)
            return Genuine(_id_of(delivery, scheme.id_header) or None) if fault is None else Refused(fault)
        case "bearer":
            return _bearer(scheme, delivery)


def _bearer(scheme: Scheme, delivery: RawDelivery) -> Verdict:
    match = re.fullmatch(r"Bearer +(\S+)", delivery.header("authorization") or "", re.IGNORECASE)

    # Hashed first, so that the comparison tells nothing of the length either.
    def digest(text: str) -> bytes:
        return hmac.digest(b"bearer", text.encode("utf-8", "surrogatepass"), "sha256")

    fits = match is not None and any(hmac.compare_digest(digest(match[1]), digest(one)) for one in scheme.secrets)
    said = _genuine_if(fits, _id_of(delivery, scheme.id_header), "its token does not fit")
    return _absent(delivery, "authorization") or said


def _stripe(secrets: Sequence[str], delivery: RawDelivery, now: int) -> Verdict:
    """`t=…,v1=…,v1=…`: the time and the body are signed together (docs.stripe.com/webhooks, "Verify webhook signatures manually")."""
    parts = [part.strip().split("=") for part in (delivery.header("stripe-signature") or "").split(",")]
    time = next((part[1] if len(part) > 1 else None for part in parts if part[0] == "t"), None)
    signatures = [from_hex(part[1] if len(part) > 1 else None) for part in parts if part[0] == "v1"]

    def signed(time: str) -> Verdict:
        return _genuine_if(_is_signed(secrets, "sha256", f"{time}.".encode() + delivery.body, signatures), None)

    return _timed(time, now, signed)


def _standard(secrets: Sequence[str], delivery: RawDelivery, now: int) -> Verdict:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature: v1,… v1,…` (standardwebhooks.com, "Signature scheme")."""
    id = delivery.header("webhook-id")
    if not id:
        return Refused("it has no webhook-id")
    sent = [from_base64(_after(part, "v1,")) for part in (delivery.header("webhook-signature") or "").split(" ")]
    keys = [lenient_base64(re.sub(r"^whsec_", "", secret)) for secret in secrets]

    def signed(time: str) -> Verdict:
        return _genuine_if(_is_signed(keys, "sha256", f"{id}.{time}.".encode() + delivery.body, sent), id)

    return _timed(delivery.header("webhook-timestamp"), now, signed)


def _timed(time: str | None, now: int, verify: Callable[[str], Verdict]) -> Verdict:
    """`time`: seconds since the epoch, as its source wrote it; it is what is signed."""
    if time is None or _TIME.fullmatch(time) is None:
        return Refused("it says no time")
    verdict = verify(time)
    if isinstance(verdict, Genuine) and abs(now / 1000 - int(time)) > _TOLERANCE_S:
        return Refused("its time is more than five minutes away: it is a replay, or a clock is wrong")
    return verdict


def _is_signed(secrets: Sequence[str | bytes], algorithm: str, whole: bytes, sent: Sequence[bytes | None]) -> bool:
    keys = [secret.encode() if isinstance(secret, str) else secret for secret in secrets]
    own = [hmac.digest(key, whole, algorithm) for key in keys]
    return any(hmac.compare_digest(made, one) for one in sent if one is not None for made in own)


def _genuine_if(holds: bool, id: str | None, otherwise: str = "its signature does not fit") -> Verdict:
    return Genuine(id or None) if holds else Refused(otherwise)


def _absent(delivery: RawDelivery, name: str) -> Verdict | None:
    """Whoever sets a sender up is told that nothing came at all, and where it is looked for; None when something did."""
    return None if delivery.header(name) else Refused(f"it has no {name.lower()}")


def _id_of(delivery: RawDelivery, name: str | None) -> str | None:
    return None if name is None else delivery.header(name)


def _after(text: str | None, prefix: str) -> str | None:
    return text[len(prefix) :] if text is not None and text.startswith(prefix) else None
