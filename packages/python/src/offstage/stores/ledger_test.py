"""What every store promises of the ledger, of requests and of bindings."""

from typing import Any

import pytest

from offstage.base import encode_value
from offstage.model import EffectIdentity, LedgerEntry
from offstage.state import Place, StoreTx
from offstage.testing.store_places import OpenStore, code_of
from offstage.testing.store_samples import (
    HARD_DATA,
    KEY,
    sample_binding,
    sample_entry,
    sample_once,
    sample_request,
    sample_run,
    settled,
)

pytestmark = pytest.mark.anyio

UPDATE: EffectIdentity = {
    "kind": "record",
    "scope": "leaks",
    "record": "ticket",
    "key": "PR_7",
    "generation": 2,
    "action": "update",
    "revision": 3,
}
IDENTITIES: list[EffectIdentity] = [
    UPDATE,
    {"kind": "once", "scope": "leaks", "key": "k", "window": None},
    {"kind": "once", "scope": "leaks", "key": "k\0", "window": 0},
    {"kind": "start", "scope": "leaks", "key": "k"},
    {"kind": "step", "rootRun": "run-1", "step": "x#1"},
]


async def put_all(under_test: OpenStore, entries: list[LedgerEntry]) -> None:
    """Intends all of them in one transaction."""

    async def put(t: StoreTx) -> None:
        for entry in entries:
            assert await t.put_effect(entry, None)

    await under_test.tx(put)


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_an_effect_comes_back_as_it_was_put(under_test: OpenStore, identity: EffectIdentity) -> None:
    entry = sample_entry(identity, args=HARD_DATA, idempotent=True, completion='{"a":1}', tool=None)
    await put_all(under_test, [entry])
    found = await under_test.tx(lambda t: t.get_effect(entry["id"]))
    assert found == entry and found is not None and encode_value(found["args"]) == encode_value(HARD_DATA)
    done = settled(entry, HARD_DATA)
    assert await under_test.tx(lambda t: t.put_effect(done, entry))
    assert await under_test.tx(lambda t: t.get_effect(entry["id"])) == done


async def test_an_effect_is_put_only_where_the_row_is_that_was_decided_about(under_test: OpenStore) -> None:
    entry = sample_entry(sample_once("k"))
    error = {"code": "SERVER_TIMEOUT", "message": "m"}
    later: Any = {**entry, "status": "ambiguous", "outcome": {"kind": "ambiguous", "error": error}}
    again: Any = {**entry, "attempt": 2, "runId": "run-9", "intendedAt": entry["intendedAt"] + 5}

    async def put(made: LedgerEntry, expected: Any) -> bool:
        return await under_test.tx(lambda t: t.put_effect(made, expected))

    for status in ("intended", "done", "failed", "ambiguous"):
        assert not await put(entry, {**entry, "status": status})
    assert await under_test.tx(lambda t: t.get_effect(entry["id"])) is None
    assert await put(entry, None)
    others = [None, *({**entry, "status": status} for status in ("done", "failed", "ambiguous"))]
    for expected in [*others, {**entry, "attempt": 2}, {**entry, "fence": entry["fence"] + 1}]:
        assert not await put(later, expected)
    assert await under_test.tx(lambda t: t.get_effect(entry["id"])) == entry
    assert await put(later, entry)
    assert await under_test.tx(lambda t: t.get_effect(entry["id"])) == later
    assert await put(again, later)
    assert await under_test.tx(lambda t: t.get_effect(entry["id"])) == again


async def test_a_completion_is_kept_by_the_done_effect_that_has_none(under_test: OpenStore) -> None:
    entry = sample_entry(sample_once("k"))

    async def completed() -> str | None:
        found = await under_test.tx(lambda t: t.get_effect(entry["id"]))
        return found["completion"] if found else None

    await under_test.tx(lambda t: t.complete_effect(entry["id"], "1"))
    await put_all(under_test, [entry])
    await under_test.tx(lambda t: t.complete_effect(entry["id"], "2"))
    assert await completed() is None
    await under_test.tx(lambda t: t.put_effect(settled(entry), entry))
    await under_test.tx(lambda t: t.complete_effect(entry["id"], "3"))
    await under_test.tx(lambda t: t.complete_effect(entry["id"], "4"))
    assert await completed() == "3"


async def test_effects_are_listed_newest_intent_first_by_run_root_run_and_status(under_test: OpenStore) -> None:
    d = sample_entry(sample_once("d"), intendedAt=2)
    entries = [
        sample_entry(sample_once("a"), intendedAt=1),
        settled(sample_entry(sample_once("b"), intendedAt=3, runId="run-2")),
        sample_entry(sample_once("c"), intendedAt=2, runId="run-3", rootRunId="run-3", status="ambiguous"),
        d,
    ]
    await put_all(under_test, entries)

    async def keys(limit: int = 10, **asked: Any) -> list[Any]:
        found = await under_test.tx(lambda t: t.list_effects(limit=limit, **asked))
        return [dict(entry["identity"])["key"] for entry in found]

    assert await keys() == ["b", "d", "c", "a"]
    assert await keys(root_run_id="run-1") == ["b", "d", "a"]
    assert await keys(run_id="run-1", limit=1) == ["d"]
    assert await keys(status=["intended", "ambiguous"]) == ["d", "c", "a"]
    assert await keys(before=Place(2, d["id"])) == ["c", "a"]
    assert await keys(before=Place(2, d["id"]), run_id="run-1") == ["a"]


async def test_writes_are_counted_from_an_instant_on_by_names_and_no_further_than_asked(under_test: OpenStore) -> None:
    def at(key: str, intended_at: int, **rest: Any) -> LedgerEntry:
        return sample_entry(sample_once(key), intendedAt=intended_at, **rest)

    b = settled(at("b", 11))
    entries = [at("old", 9), at("a", 10), b, at("c", 12, status="ambiguous"), at("failed", 13, status="failed")]
    entries += [at("adopted", 14, tool=None), at("d", 15, server="wiki"), at("e", 16, tool="other", runId="run-2")]
    await put_all(under_test, entries)
    await under_test.tx(lambda t: t.put_run(sample_run(id="run-1", workflow="leaks")))
    await under_test.tx(lambda t: t.put_run(sample_run(id="run-2", workflow="other")))

    async def count(**change: Any) -> int:
        asked: dict[str, Any] = {"since": 10, "besides": "none", "most": 99, **change}
        return await under_test.tx(lambda t: t.count_writes(**asked))

    asked: list[dict[str, Any]] = [{}, {"since": 9}, {"most": 3}, {"most": 0}, {"besides": b["id"]}, {"server": "jira"}]
    asked += [{"tool": "create_issue"}, {"server": "jira", "tool": "create_issue"}, {"workflows": ["leaks"]}]
    asked += [{"workflows": ["other"], "server": "jira"}, {"workflows": ["other", "leaks"]}, {"workflows": ["none"]}]
    assert [await count(**one) for one in asked] == [5, 6, 3, 0, 4, 4, 4, 3, 4, 1, 5, 0]


async def test_the_last_effect_of_a_records_identity_is_the_one_that_was_intended_last(under_test: OpenStore) -> None:
    def effect(action: str, generation: int, revision: int, intended_at: int, key: str = "PR_7") -> LedgerEntry:
        identity: Any = {**UPDATE, "key": key, "action": action, "generation": generation, "revision": revision}
        return sample_entry(identity, intendedAt=intended_at)

    entries = [effect("update", 1, 2, 5), effect("create", 1, 0, 1), effect("update", 1, 1, 5)]
    entries += [effect("release", 1, 1, 9, "PR_8"), sample_entry(sample_once("PR_7"), intendedAt=99)]
    await put_all(under_test, entries)
    assert await under_test.tx(lambda t: t.last_effect_of(KEY)) == entries[0]
    assert await under_test.tx(lambda t: t.last_effect_of({**KEY, "record": "other"})) is None


async def test_a_binding_comes_back_as_it_was_put_and_the_last_one_put_counts(under_test: OpenStore) -> None:
    binding = sample_binding("PR_7", kept=HARD_DATA, adopted=True, goneSince=4, notConverging="n")
    await under_test.tx(lambda t: t.put_binding(binding))
    found = await under_test.tx(lambda t: t.get_binding(KEY))
    assert found == binding and found is not None and encode_value(found["kept"]) == encode_value(HARD_DATA)
    later = sample_binding("PR_7", revision=2, lastSeenAt=9, lastSeenRun="run-2", missedSweeps=1)
    await under_test.tx(lambda t: t.put_binding(later))
    assert await under_test.tx(lambda t: t.get_binding(KEY)) == later
    assert await under_test.tx(lambda t: t.get_binding({**KEY, "scope": "project"})) is None


async def test_older_generations_stay_released_and_the_newest_is_the_binding(under_test: OpenStore) -> None:
    first = sample_binding("PR_7")
    second = sample_binding("PR_7", generation=2, targetKey="target-2", boundAt=5_000)
    await under_test.tx(lambda t: t.put_binding(first))
    await under_test.tx(lambda t: t.put_binding(second))
    assert await under_test.tx(lambda t: t.get_binding(KEY)) == second
    assert await under_test.tx(lambda t: t.list_bindings(**KEY, limit=9)) == [{**first, "releasedAt": 5_000}, second]
    assert await under_test.tx(lambda t: t.binding_of_target("leaks", "ticket", first["targetKey"])) is None
    await under_test.tx(lambda t: t.put_binding({**second, "releasedAt": 6_000}))
    assert await under_test.tx(lambda t: t.get_binding(KEY)) == {**second, "releasedAt": 6_000}


async def test_one_target_is_bound_once_in_a_record_while_it_lives(under_test: OpenStore) -> None:
    first = sample_binding("PR_7", targetKey="t")
    await under_test.tx(lambda t: t.put_binding(first))
    assert await code_of(under_test.tx(lambda t: t.put_binding(sample_binding("PR_8", targetKey="t")))) == "BUG"
    assert await under_test.tx(lambda t: t.binding_of_target("leaks", "ticket", "t")) == first
    await under_test.tx(lambda t: t.put_binding(sample_binding("PR_8", targetKey="t", record="other")))
    await under_test.tx(lambda t: t.put_binding({**first, "releasedAt": 2}))
    await under_test.tx(lambda t: t.put_binding(sample_binding("PR_8", targetKey="t")))
    found = await under_test.tx(lambda t: t.binding_of_target("leaks", "ticket", "t"))
    assert found is not None and found["key"] == "PR_8"


async def test_bindings_are_listed_in_order_filtered_by_life_and_the_live_ones_counted(under_test: OpenStore) -> None:
    released, other = sample_binding("c", releasedAt=4), sample_binding("d", scope="project")

    async def put(t: StoreTx) -> None:
        for binding in [sample_binding("b"), sample_binding("a"), released, other]:
            await t.put_binding(binding)

    await under_test.tx(put)

    async def keys(limit: int = 10, **asked: Any) -> list[str]:
        found = await under_test.tx(lambda t: t.list_bindings(limit=limit, **asked))
        return [binding["key"] for binding in found]

    assert await keys() == ["a", "b", "c", "d"]
    assert await keys(scope="leaks", record="ticket", live=True) == ["a", "b"]
    assert await keys(live=False) == ["c"]
    assert await keys(after=sample_binding("a")) == ["b", "c", "d"]
    assert await keys(after=released, live=True) == ["d"]
    assert await keys(after=other) == []
    assert await keys(limit=1) == ["a"]
    assert await under_test.tx(lambda t: t.count_bindings("leaks", "ticket")) == 2
    assert await under_test.tx(lambda t: t.count_bindings("leaks", "other")) == 0


async def test_requests_come_back_as_they_were_put_those_that_matter_newest_first(under_test: OpenStore) -> None:
    answered = {"answeredAt": 2, "answeredBy": "ada", "answeredWhy": "seen", "expiresAt": 99}
    approved = sample_request("r1", status="approved", openedAt=1, args=HARD_DATA, **answered)
    rows = [approved, sample_request("r2", openedAt=3), sample_request("r3", status="denied", openedAt=4)]
    rows += [sample_request("r4", effect="f" * 64, openedAt=5), sample_request("r5", status="used", openedAt=0)]
    rows += [sample_request("r6", status="replaced", openedAt=0)]

    async def put(t: StoreTx) -> None:
        for row in rows:
            await t.put_request(row)

    await under_test.tx(put)
    assert await under_test.tx(lambda t: t.get_request("r1")) == approved
    assert await under_test.tx(lambda t: t.get_request("r9")) is None
    assert [one["id"] for one in await under_test.tx(lambda t: t.requests_of("e" * 64))] == ["r3", "r2", "r1"]
    listed = await under_test.tx(lambda t: t.list_requests(status=["open"], limit=9))
    assert [one["id"] for one in listed] == ["r4", "r2"]
    assert [one["id"] for one in await under_test.tx(lambda t: t.list_requests(limit=3))] == ["r4", "r3", "r2"]


async def test_grants_that_no_run_goes_on_with_are_found_by_their_root(under_test: OpenStore) -> None:
    answers = [{"verdict": "approve", "by": "ada", "why": None, "at": 7, "way": "link"}]
    owed = sample_request("r1", status="approved", by=["oncall", "bob"], count=2, answers=answers)
    elsewhere = sample_request("r5", status="approved", rootRunId="run-9", notice="n")
    rows = [owed, sample_request("r2", status="approved", openedAt=2_000), elsewhere]
    rows += [sample_request("r3", status="approved", continuedBy="run-2"), sample_request("r4", status="used")]

    async def put(t: StoreTx) -> None:
        for row in rows:
            await t.put_request(row)

    await under_test.tx(put)
    assert [one["id"] for one in await under_test.tx(lambda t: t.owed_requests("run-1"))] == ["r2", "r1"]
    assert await under_test.tx(lambda t: t.owed_requests("run-9")) == [elsewhere]
    assert await under_test.tx(lambda t: t.get_request("r1")) == owed


async def test_an_effect_has_one_open_request(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.put_request(sample_request("r1")))
    assert await code_of(under_test.tx(lambda t: t.put_request(sample_request("r2")))) == "BUG"
    await under_test.tx(lambda t: t.put_request(sample_request("r1", status="replaced")))
    await under_test.tx(lambda t: t.put_request(sample_request("r2")))
    assert [one["id"] for one in await under_test.tx(lambda t: t.requests_of("e" * 64))] == ["r2"]
