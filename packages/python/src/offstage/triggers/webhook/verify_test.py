from __future__ import annotations

from typing import Any

from offstage.testing.vectors import vectors
from offstage.triggers.webhook.verify import Genuine, RawDelivery, Scheme, verify_delivery


def _scheme(given: dict[str, Any]) -> Scheme:
    rest = {name: given[name] for name in ("header", "algorithm", "encoding", "prefix") if name in given}
    return Scheme(kind=given["kind"], secrets=given["secrets"], id_header=given.get("idHeader"), **rest)


def test_each_delivery_is_judged_as_by_typescript() -> None:
    met: set[tuple[str, str]] = set()
    for case in (one for one in vectors("triggers") if one["kind"] == "delivery"):
        delivery = RawDelivery(case["headers"].get, case["body"].encode())
        verdict = verify_delivery(_scheme(case["scheme"]), delivery, case["now"])
        said = (
            {"kind": "genuine", "id": verdict.id}
            if isinstance(verdict, Genuine)
            else {"kind": "refused", "why": verdict.why}
        )
        assert said == case["gives"], case
        met.add((case["scheme"]["kind"], case["gives"]["kind"]))
    assert len(met) == 12
