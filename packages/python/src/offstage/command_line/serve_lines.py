"""One line, and one record, of each thing that happens while a package is served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from offstage.base import JsonObject
from offstage.command_line.queue_lines import QUEUE_SEVERITIES, queue_text
from offstage.command_line.terminal import escape_controls
from offstage.command_line.texts import counted
from offstage.effects import EffectEvent
from offstage.host import ArrivalNews, Brought, LeadNews, ListeningNews, LogNews, News, RunNews, WaitingNews
from offstage.model import Arrival, Run, is_ended
from offstage.serving import OpenNews, ServingNews
from offstage.telemetry import Severity
from offstage.triggers.queue import QueueNews


@dataclass(frozen=True, kw_only=True)
class ServeLine:
    """`event`: noun first, stable, as in the TypeScript log: `offstage.run.ended`. `text`: the words for people."""

    event: str
    text: str
    severity: Severity = "info"
    attributes: JsonObject = field(default_factory=dict[str, object])
    run_id: str | None = None


def line_of(news: News | ServingNews) -> ServeLine | None:
    """None for what goes on inside of a run and is no trouble."""
    if isinstance(news, RunNews):
        return _of_run(news)
    if isinstance(news, EffectEvent):
        return _of_effect(news)
    if isinstance(news, LogNews):
        attributes: JsonObject = {"offstage.run.id": news.run_id}
        text = escape_controls(f"log      {news.text} ({news.run_id})")
        return ServeLine(event="offstage.workflow.logged", text=text, attributes=attributes, run_id=news.run_id)
    if isinstance(news, WaitingNews):
        return ServeLine(event="offstage.run.left", text=escape_controls(f"problem  {news.why}"), severity="warn")
    if isinstance(news, ArrivalNews):
        return _of_arrival(news)
    return _of_serving(news)


def _of_serving(news: ServingNews) -> ServeLine:
    if isinstance(news, OpenNews):
        return ServeLine(
            event="offstage.address.opened",
            text=f"open     {' '.join(f'{news.url}{path}' for path in news.paths)}",
            attributes={"url.full": news.url, "offstage.paths": [*news.paths]},
        )
    if isinstance(news, ListeningNews):
        return ServeLine(
            event="offstage.workflow.served",
            text=escape_controls(f"serving  {news.workflow}: {', '.join(news.triggers)}"),
            attributes={"offstage.workflow.name": news.workflow, "offstage.triggers": [*news.triggers]},
        )
    if isinstance(news, LeadNews):
        other = "another process drives the store's runs; this one takes over when that is gone"
        text = "this process drives the store's runs" if news.kind == "led" else other
        return ServeLine(event=f"offstage.lease.{news.kind}", text=text)
    if isinstance(news, QueueNews):
        return ServeLine(
            event=f"offstage.queue.{news.kind.removeprefix('queue-')}",
            text=queue_text(news),
            severity=QUEUE_SEVERITIES[news.kind],
            attributes={"messaging.destination.name": news.queue},
        )
    assert not isinstance(news, ArrivalNews)
    if news.kind == "refused":
        return ServeLine(
            event="offstage.webhook.refused",
            text=escape_controls(f"refused  webhook {news.source}: {news.status} {news.why}"),
            severity="warn",
            attributes={"offstage.webhook.source": news.source, "http.response.status_code": news.status},
        )
    return ServeLine(
        event="offstage.webhook.delivered",
        text=escape_controls(f"webhook  {news.source}, {news.id}{_brought_text(news.brought)}"),
        attributes={"offstage.webhook.source": news.source, "offstage.webhook.id": news.id},
    )


def _brought_text(brought: Brought | None) -> str:
    """For whom it is; one that came before is nothing new."""
    if brought is None:
        return ""
    taken = [f"for {one['workflow']}" for one in brought.arrivals if one["why"] is None]
    dropped = [f"dropped for {one['workflow']}: {one['why']}" for one in brought.arrivals if one["why"] is not None]
    waits = [] if brought.waits == 0 else [f"for {counted(brought.waits, 'waiting step')}"]
    return f": {'; '.join([*taken, *dropped, *waits]) or 'nothing new for anybody'}"


def _of_arrival(news: ArrivalNews) -> ServeLine:
    arrival, run_id = news.arrival, news.run_id
    came = _came(arrival)
    texts = {
        "arrived": f"due      {came}",
        "dropped": f"dropped  {came}: {arrival['why'] or ''}",
        "started": f"queued   {arrival['workflow']} ({run_id}): {arrival['trigger']}, {arrival['id']}",
    }
    attributes: JsonObject = {
        "offstage.workflow.name": arrival["workflow"],
        "offstage.trigger": arrival["trigger"],
        "offstage.arrival.id": arrival["id"],
    }
    return ServeLine(
        event=f"offstage.arrival.{'taken' if news.kind == 'arrived' else news.kind}",
        text=escape_controls(texts[news.kind]),
        severity="warn" if news.kind == "dropped" else "info",
        attributes=attributes if run_id is None else {**attributes, "offstage.run.id": run_id},
        run_id=run_id,
    )


def _came(arrival: Arrival) -> str:
    return f"{arrival['workflow']}: {arrival['trigger']}, {arrival['id']}"


def _of_effect(news: EffectEvent) -> ServeLine | None:
    if news.kind not in ("effect-ambiguous", "effect-failed"):
        return None
    # Some details begin with what they are about, because they are errors too.
    detail = news.detail.removeprefix(f"{news.label}: ")
    attributes: JsonObject = {
        "offstage.run.id": news.run_id,
        "offstage.server.name": news.server,
        "offstage.write.outcome": news.kind.removeprefix("effect-"),
        "offstage.write.label": news.label,
    }
    return ServeLine(
        event="offstage.write.settled",
        text=escape_controls(f"problem  {news.label}: {detail} ({news.run_id})"),
        severity="warn",
        attributes=attributes if news.tool is None else {**attributes, "gen_ai.tool.name": news.tool},
        run_id=news.run_id,
    )


def _of_run(news: RunNews) -> ServeLine:
    run = news.run
    if news.kind == "run-waiting":
        return ServeLine(event="offstage.run.left", text=escape_controls(f"problem  {news.why}"), severity="warn")
    named = f"{run['workflow']} ({run['id']}{', a sweep' if run['sweep'] else ''})"
    of: JsonObject = {
        "offstage.run.id": run["id"],
        "offstage.workflow.name": run["workflow"],
        "offstage.run.cause": run["event"]["kind"],
    }
    if run["rootRunId"] != run["id"]:
        of["offstage.run.root_id"] = run["rootRunId"]
    if news.kind in ("run-started", "run-resumed"):
        word = "begun   " if news.kind == "run-started" else "resumed "
        event = f"offstage.run.{news.kind.removeprefix('run-')}"
        return ServeLine(event=event, text=escape_controls(f"{word} {named}"), attributes=of, run_id=run["id"])
    ended = is_ended(run["status"])
    parts = [run["status"], *_counts_of(run), *(f"waits for {wait['label']}" for wait in run["waits"])]
    text = f"{'ended   ' if ended else 'parked  '} {named}: {', '.join(parts)}{_why_of(run)}"
    return ServeLine(
        event="offstage.run.ended" if ended else "offstage.run.parked",
        text=escape_controls(text),
        severity=_severity_of(run),
        attributes={**of, **_end_of(run)},
        run_id=run["id"],
    )


def _counts_of(run: Run) -> list[str]:
    """What a run did and left, in a few words."""
    left: list[tuple[Sequence[object], str]] = [
        (run["held"], "held"),
        (run["ambiguous"], "not known"),
        (run["failures"], "failed"),
    ]
    return [counted(run["counts"]["writes"], "write"), *(f"{len(rows)} {word}" for rows, word in left if rows)]


def _why_of(run: Run) -> str:
    """What ended a run, or kept it from writing: what is looked for first at night; `show` has the rest."""
    error = run["error"]
    if error is not None:
        return f": {error['message']}"
    if run["failures"]:
        return f": {run['failures'][0]['error']['message']}"
    holds = [*run["held"], *run["ambiguous"]]
    return f": {holds[0]['label']}: {holds[0]['why']}" if holds else ""


def _end_of(run: Run) -> JsonObject:
    counts, error = run["counts"], run["error"]
    end: JsonObject = {
        "offstage.run.status": run["status"],
        "offstage.run.calls": counts["calls"],
        "offstage.run.writes": counts["writes"],
        "offstage.run.held": len(run["held"]),
        "offstage.run.ambiguous": len(run["ambiguous"]),
        "offstage.run.failures": len(run["failures"]),
        "offstage.run.driven_ms": run["drivenMs"],
    }
    if run["waits"]:
        end["offstage.run.waits"] = [wait["kind"] for wait in run["waits"]]
    return end if error is None else {**end, "error.type": error["code"]}


def _severity_of(run: Run) -> Severity:
    if run["status"] == "failed":
        return "error"
    return "info" if run["status"] in ("succeeded", "parked", "planned") else "warn"
