from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from offstage.base import OffstageError
from offstage.host import Answer, Asked, EmbeddedHost, Program, answer_asked, asked_now, choose_asked, open_approvals
from offstage.model import DEFAULT_POLICY, ApprovalWait, Approvers, Policy, Run, RunEvent
from offstage.state import Store
from offstage.testing.host_world import ASKS, CALLED, HostWorld
from offstage.testing.store_places import code_of

pytestmark = pytest.mark.anyio

DAY = 86_400_000
SHOWN = 'message="Deploy?", show={"version": context["inputs"]["version"]}'
NOTHING = 'message="Deploy?"'
OTHER = 'message="Deploy?", show={"version": "2"}'
ADA = 'message="Deploy?", show=1, by=["ada"]'
ONCALL = 'message="Deploy?", show=1, by=["oncall"]'
A_DAY = 'message="Deploy?", show=1, within="1d"'
TEAM: Approvers = {"groups": {"oncall": ["ada", "bob"]}, "fourEyes": True}


@dataclass
class Asking:
    """Runs of one workflow that ask, as its text says now, and people who answer."""

    world: HostWorld
    store: Store
    host: EmbeddedHost = field(init=False)
    programs: dict[str, Program] = field(default_factory=dict[str, Program])

    async def start(self, options: str = SHOWN, *, event: RunEvent = CALLED, **inputs: Any) -> Run:
        """A run that came to rest; no two begin at the same instant."""
        self.world.clock.at += 1
        return await self.host.start(self.programs[options], inputs=inputs, event=event)

    async def open(self) -> list[ApprovalWait]:
        """What is asked now."""
        return await open_approvals(self.store, self.world.clock.now())

    async def say(self, by: str = "ada", verdict: Literal["approved", "denied"] = "approved") -> list[str]:
        """An answer to what was asked first."""
        return await self.host.answer_approval((await self.open())[0]["id"], verdict, by=by)

    async def ended(self, run: Run) -> Any:
        """What a run came to that was answered."""
        ended = await self.host.resume(run["id"])
        return ended["output"] if ended["status"] == "succeeded" else ended["status"]

    def with_policy(self, policy: Policy) -> None:
        """As processes that begin now are told."""
        self.world.policy = policy
        self.host = EmbeddedHost(
            store=self.store,
            environment=self.world.environment(),
            programs=[*self.programs.values()],
            me={"host": "a", "boot": "b", "pid": 1, "started": None},
            alive=lambda _holder: True,
        )


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncGenerator[Asking]:
    world = HostWorld(tmp_path)
    store = await world.open_store()
    asking = Asking(world, store)
    for options in (SHOWN, NOTHING, OTHER, ADA, ONCALL, A_DAY):
        body = f'a = await approve({options})\nif a["outcome"] == "approved":\n    await world.send(text=a["by"])\nreturn a'
        asking.programs[options] = world.tell(body, options='name="tell", inputs={"any": "", "version": "1"}')
    asking.with_policy(DEFAULT_POLICY)
    yield asking
    await store.close()


async def test_what_is_asked_is_open_until_it_is_answered_and_its_run_goes_on_once(asking: Asking) -> None:
    run = await asking.start()
    [opened] = await asking.open()
    assert (opened["message"], opened["show"], opened["by"]) == ("Deploy?", {"version": "1"}, None)
    assert (opened["workflow"], opened["runId"]) == ("tell", run["id"])
    assert (await asking.say(), await asking.open()) == ([run["id"]], [])
    assert await code_of(asking.host.answer_approval(opened["id"], "denied", by="eve")) == "REQUEST_UNKNOWN"
    assert (await asking.ended(run))["by"] == "ada"
    assert asking.world.calls.written() == ["ada"]


async def test_those_answer_who_were_named_and_nobody_who_started_it(asking: Asking) -> None:
    run = await asking.start(ADA)
    assert await code_of(asking.say("eve")) == "ANSWER_NOT_ALLOWED"
    assert (await asking.host.get(run["id"]))["status"] == "parked"
    assert await asking.say("ada", "denied") == [run["id"]]
    asking.with_policy({**DEFAULT_POLICY, "approvers": TEAM})
    mine = await asking.start(event={"kind": "call", "by": "ada"})
    other = await asking.start(event={"kind": "call", "by": "otto"})
    assert await code_of(asking.say("ada")) == "ANSWER_NOT_ALLOWED"
    # Through what another one asks the same, it is not answered either.
    [_, second] = await asking.open()
    assert await asking.host.answer_approval(second["id"], "approved", by="ada") == [other["id"]]
    assert await asking.say("bob") == [mine["id"]]


async def test_it_is_asked_anew_where_who_answered_last_started_this_run_or_may_not_answer_any_more(
    asking: Asking,
) -> None:
    asking.with_policy({**DEFAULT_POLICY, "approvers": TEAM})
    first = await asking.start(ONCALL, event={"kind": "call", "by": "otto"})
    assert await code_of(asking.say("eve")) == "ANSWER_NOT_ALLOWED"
    await asking.say("ada")
    assert (await asking.ended(first))["outcome"] == "approved"
    assert (await asking.start(ONCALL, event={"kind": "call", "by": "otto"}))["status"] == "succeeded"
    assert (await asking.start(ONCALL, event={"kind": "call", "by": "ada"}))["status"] == "parked"
    asking.with_policy({**DEFAULT_POLICY, "approvers": {"groups": {"oncall": ["bob"]}, "fourEyes": False}})
    assert (await asking.start(ONCALL, event={"kind": "call", "by": "otto"}))["status"] == "parked"


async def test_an_answer_is_too_late_when_the_time_is_over_whenever_its_run_is_driven(asking: Asking) -> None:
    run = await asking.start(A_DAY)
    [opened] = await asking.open()
    asking.world.clock.at += DAY
    assert await asking.open() == []
    assert await code_of(asking.host.answer_approval(opened["id"], "approved", by="ada")) == "REQUEST_UNKNOWN"
    asking.world.clock.at += 9 * DAY
    ended = await asking.ended(run)
    assert (ended["outcome"], ended["by"]) == ("timeout", None)
    second = await asking.start(A_DAY)
    assert second["status"] == "parked"
    asking.world.clock.at += DAY - 1
    await asking.say()
    asking.world.clock.at += 9 * DAY
    assert (await asking.ended(second))["outcome"] == "approved"


async def test_what_was_asked_is_gone_with_its_run(asking: Asking) -> None:
    run = await asking.start()
    await asking.host.cancel(run["id"])
    await asking.host.work()
    assert await asking.open() == []


@pytest.mark.parametrize("verdict", ["approved", "denied"])
async def test_a_later_run_does_not_ask_again_while_what_it_shows_is_the_same(
    asking: Asking, verdict: Literal["approved", "denied"]
) -> None:
    run = await asking.start()
    await asking.say(verdict=verdict)
    await asking.ended(run)
    later = await asking.start()
    output: Any = later["output"]
    assert (later["status"], output["outcome"], output["by"]) == ("succeeded", verdict, "ada")
    for changed in (await asking.start(any="other"), await asking.start(OTHER), await asking.start(ADA)):
        assert changed["status"] == "parked"


async def test_the_answer_that_was_given_last_holds_a_denial_too(asking: Asking) -> None:
    first = await asking.start()
    await asking.say()
    await asking.ended(first)
    second = await asking.start(OTHER)
    await asking.say("bob", "denied")
    await asking.ended(second)
    denied: Any = (await asking.start(OTHER))["output"]
    # What was said before about the first is not it any more.
    assert (denied["outcome"], (await asking.start())["status"]) == ("denied", "parked")
    assert asking.world.calls.written() == ["ada"]


async def test_several_that_ask_the_same_are_answered_together_but_not_those_that_show_nothing(asking: Asking) -> None:
    runs = [await asking.start(), await asking.start()]
    assert sorted(await asking.say()) == sorted(run["id"] for run in runs)
    assert ([(await asking.ended(run))["by"] for run in runs], await asking.open()) == (["ada", "ada"], [])
    alone = [await asking.start(NOTHING), await asking.start(NOTHING)]
    assert await asking.say() == [alone[0]["id"]]
    assert (await asking.ended(alone[0]))["by"] == "ada"
    assert (await asking.start(NOTHING))["status"] == "parked"


def _yes(by: str = "ada", approvers: Approvers = TEAM, **more: Any) -> Answer:
    return Answer(said="approve", by=by, way="cli", max_age_ms=DAY, approvers=approvers, **more)


def _choose(asked: Asked, *wanted: str, by: str = "ada", said: Literal["approve", "deny"] = "approve") -> list[str]:
    chosen = choose_asked(asked, wanted, said=said, by=by, approvers=TEAM)
    return [one["id"] for one in [*chosen.requests, *chosen.approvals]]


async def test_what_a_person_means_is_found_by_the_beginning_of_its_id_or_all_that_waits_for_them(
    asking: Asking,
) -> None:
    asking.with_policy({**ASKS, "approvers": TEAM})
    body = 'await approve(message="Deploy?", by=["bob"])'
    asking.programs["sends"], asking.programs["bob"] = (
        asking.world.tell('await world.send(text="a")'),
        asking.world.tell(body),
    )
    asking.with_policy({**ASKS, "approvers": TEAM})
    await asking.start("sends")
    await asking.start("bob")
    asked = await asked_now(asking.store, asking.world.clock.now())
    [request], [approval] = asked.requests, asked.approvals
    assert _choose(asked, "all") == [request["id"]]
    assert _choose(asked, "all", by="bob") == [request["id"], approval["id"]]
    assert _choose(asked, request["id"][:-1], request["id"], approval["id"]) == [request["id"], approval["id"]]
    # What was asked at the same time begins the same.
    several = request["id"][:5]
    for prefix, code in (("", "USAGE"), (several[:3], "USAGE"), (several, "USAGE"), ("never", "REQUEST_UNKNOWN")):
        with pytest.raises(OffstageError) as raised:
            _choose(asked, prefix)
        assert raised.value.code == code
    await asking.host.answer([request["id"]], "deny", by="ada")
    denied = await asked_now(asking.store, asking.world.clock.now())
    # A no has to be named to be taken back, and is no more to be refused.
    assert (_choose(denied, "all"), _choose(denied, request["id"])) == ([], [request["id"]])
    with pytest.raises(OffstageError, match="No open request"):
        _choose(denied, request["id"], said="deny")


async def test_all_that_is_asked_is_answered_in_one_way_and_what_goes_on_is_told(asking: Asking) -> None:
    two: Policy = {**ASKS, "rules": [{"verdict": "approve", "count": 2}], "approvers": TEAM}
    asking.programs["sends"] = asking.world.tell('await world.send(text="a")')
    asking.with_policy(two)
    sends, asks = await asking.start("sends"), await asking.start(NOTHING)
    making = asking.world.environment()
    asked = await asked_now(asking.store, asking.world.clock.now())
    first = await answer_asked(asking.store, making, asked, _yes(why="fine"))
    assert ([one["id"] for one in first.partly], first.permitted, first.asking) == (
        [asked.requests[0]["id"]],
        [],
        [asks["id"]],
    )
    [opened] = (await asked_now(asking.store, asking.world.clock.now())).requests
    assert [(one["by"], one["why"], one["way"]) for one in opened["answers"]] == [("ada", "fine", "cli")]
    # The same person counts once.
    again = await answer_asked(asking.store, making, Asked(requests=[opened], approvals=[]), _yes())
    assert len(again.partly) == 1
    done = await answer_asked(asking.store, making, Asked(requests=[opened], approvals=[]), _yes("bob"))
    [going] = done.permitted
    assert (await asking.host.get(going))["rootRunId"] == sends["id"]
    late = await answer_asked(asking.store, making, Asked(requests=[opened], approvals=[]), _yes("bob"))
    assert ([one["id"] for one in late.late], late.permitted) == ([opened["id"]], [])
    await asking.host.work()
    assert (await asking.host.get(going))["status"] == "succeeded"
    assert asking.world.calls.written() == ["a"]


async def test_a_grant_for_later_begins_nothing_and_is_used_by_the_next_run(asking: Asking) -> None:
    asking.programs["sends"] = asking.world.tell('await once("a", lambda: world.send(text="a"))')
    asking.with_policy(ASKS)
    await asking.start("sends")
    asked = await asked_now(asking.store, asking.world.clock.now())
    await answer_asked(asking.store, asking.world.environment(), asked, _yes(later=True))
    await asking.host.work()
    assert (len(await asking.world.runs()), asking.world.calls.written()) == (1, [])
    assert (await asking.start("sends"))["status"] == "succeeded"
    assert asking.world.calls.written() == ["a"]
