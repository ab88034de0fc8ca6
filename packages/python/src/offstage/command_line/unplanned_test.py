from __future__ import annotations

from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.command_line.unplanned import refuse_unplanned
from offstage.stores.sqlite import MEMORY, open_sqlite_store
from offstage.testing.store_samples import sample_run

pytestmark = pytest.mark.anyio


def held(effect: str, why: str) -> dict[str, Any]:
    return {"effect": effect, "step": "s", "label": f"once {effect[:2]}", "why": why, "waits": True}


async def test_what_an_apply_held_outside_of_its_plan_waits_for_no_person_and_what_the_policy_held_is_another_matter() -> (
    None
):
    store = await open_sqlite_store(MEMORY, now=1)
    holds = [held("aaaa1111", "not in plan: the plan does not have it"), held("bbbb2222", "awaits approval: rule 1")]
    await store.transact(lambda tx: tx.put_run(sample_run(status="pending", held=holds)), durable=True)
    try:
        with pytest.raises(OffstageError) as raised:
            await refuse_unplanned(store, ["aaaa1"], ["request-1"])
        assert raised.value.code == "REQUEST_UNKNOWN"
        assert raised.value.message.startswith("once aa waits for no person")
        assert "`offstage run`" in (raised.value.hint or "")
        # What names something that people are asked, is too short, or is held by the policy: others say what there is to say.
        for wanted, asked in (("aaaa1", "aaaa1-request"), ("aaa", "request-1"), ("bbbb2", "request-1")):
            await refuse_unplanned(store, [wanted], [asked])
    finally:
        await store.close()
