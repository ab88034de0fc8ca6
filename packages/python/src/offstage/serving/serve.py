"""Serving a package's workflows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

from offstage.base import OffstageError
from offstage.config import SETTINGS_FILE, Configuration, Listen
from offstage.host import (
    EmbeddedHost,
    Environment,
    Program,
    ServedWorkflow,
    ServeNews,
    Serving,
    keep_timeouts,
    serve_workflow,
    serve_workflows,
)
from offstage.serving.health import Health
from offstage.serving.listen import OpenNews, answering_app, listening
from offstage.serving.queue_brokers import brokers_of, described_queue
from offstage.serving.resolve_webhooks import resolve_webhook
from offstage.state import Store
from offstage.triggers.queue import Desk, QueueNews, Queues
from offstage.triggers.schedule import Schedules
from offstage.triggers.webhook import DeliveryNews, Receiver

GRACE_MS = 30_000
"""So long may a run that goes on take to come to its rest when the process is told to stop."""

ServingNews: TypeAlias = ServeNews | DeliveryNews | QueueNews | OpenNews
"""What goes on while a package is served."""


@dataclass(frozen=True, kw_only=True)
class ServedStage:
    """What is served, wired as for any other command; `host` is over `store`, for `programs`."""

    store: Store
    host: EmbeddedHost
    programs: Sequence[Program]
    configuration: Configuration
    environment: Environment


async def serve(
    stage: ServedStage,
    *,
    stop: asyncio.Event,
    news: Callable[[ServingNews], None],
    listen: Listen | None = None,
    grace_ms: float = GRACE_MS,
) -> None:
    """Listens to schedules, webhooks and queues, starts their runs and drives whatever waits in the store, until `stop` is set; then it leaves within `grace_ms`.

    Webhooks are received, and the process is looked at, at `listen`, else at `serve.listen` of the settings: loopback unless told otherwise.
    Of several processes on one store one leads, and takes the messages of queues; all take deliveries of webhooks. Errors: `USAGE` where no program has a trigger, or a schedule is none;
    `CONFIG_INVALID` for a webhook or a queue that nobody described; `NOT_YET` for brokers that are not known, resources and settings that are
    not obeyed; `QUEUE_CLIENT_MISSING`, `INPUT_INVALID`, `SECRET_MISSING`, `PORT_UNAVAILABLE`, and `STORE_…` when the store fails.
    """
    refuse_not_served(stage.programs, stage.configuration)
    environment, store = stage.environment, stage.store
    workflows = [serve_workflow(one, environment) for one in stage.programs if one.workflow.settings.get("on")]
    health = Health(store, environment.clock, stop)
    bell = asyncio.Event()
    queues = _queues(stage, workflows, bell, news)
    serving = Serving(
        store=store,
        host=stage.host,
        environment=environment,
        workflows=workflows,
        sources=[health, Schedules(store, environment.clock, workflows), queues],
        news=news,
        stop=stop,
        bell=bell,
        grace_ms=grace_ms,
    )
    async with _address(stage, workflows, health, bell, news, listen), _closed_in_time(queues, stop):
        refusing = asyncio.create_task(keep_timeouts(store, environment, lambda: health.leads))
        try:
            await serve_workflows(serving)
        finally:
            refusing.cancel()
            with suppress(asyncio.CancelledError):
                await refusing


def _queues(
    stage: ServedStage,
    workflows: Sequence[ServedWorkflow],
    bell: asyncio.Event,
    news: Callable[[ServingNews], None],
) -> Queues:
    environment, configuration = stage.environment, stage.configuration
    brokers = brokers_of(stage.programs, configuration, environment.clock, environment.random_bytes)
    desk = Desk(store=stage.store, clock=environment.clock, redactor=configuration.redactor, workflows=workflows)
    return Queues(desk, brokers, news=news, bell=bell)


@asynccontextmanager
async def _closed_in_time(queues: Queues, stop: asyncio.Event) -> AsyncGenerator[None]:
    """Once it is to stop, nothing more is fetched while the run that goes on comes to its rest."""

    async def resting() -> None:
        await stop.wait()
        queues.rest()

    task = asyncio.create_task(resting())
    try:
        yield
    finally:
        task.cancel()
        await queues.close()


@asynccontextmanager
async def _address(
    stage: ServedStage,
    workflows: Sequence[ServedWorkflow],
    health: Health,
    bell: asyncio.Event,
    news: Callable[[ServingNews], None],
    listen: Listen | None,
) -> AsyncGenerator[None]:
    """Open where somebody asked for it, or a webhook is described: steps that wait may name any of them."""
    configuration, environment = stage.configuration, stage.environment
    settings = configuration.settings
    if not settings.webhooks and not settings.serve.opens and listen is None:
        yield
        return
    receiver = Receiver(
        store=stage.store,
        clock=environment.clock,
        random_bytes=environment.random_bytes,
        redactor=configuration.redactor,
        workflows=workflows,
        sources=[resolve_webhook(one, configuration) for one in settings.webhooks],
        news=news,
        came=bell.set,
    )
    app = answering_app(health, receiver.receive if settings.webhooks else None)
    async with listening(listen or settings.serve.listen, app) as url:
        news(OpenNews(url, [*(f"/webhooks/{one.name}" for one in settings.webhooks), "/healthz", "/readyz"]))
        yield


def refuse_not_served(programs: Sequence[Program], configuration: Configuration) -> None:
    """What would be waited for in vain. Errors: `USAGE`, `CONFIG_INVALID`, `NOT_YET`."""
    settings = configuration.settings
    triggers = [trigger for one in programs for trigger in one.workflow.settings.get("on") or ()]
    if not triggers:
        names = ", ".join(one.name for one in programs)
        raise OffstageError("USAGE", f"Nothing starts {names} by itself.", hint='Give it a trigger: on=[every("10m")].')
    described = {one.name for one in settings.webhooks}
    for trigger in triggers:
        source = trigger.source
        if source is None:
            continue
        if source["kind"] == "webhook":
            if source["source"] not in described:
                raise _undescribed(source["source"])
            continue
        if source["kind"] == "queue":
            described_queue(source["name"], configuration)
            continue
        raise OffstageError(
            "NOT_YET",
            f"A workflow listens to changes of {source['uri']}, which the Python library does not serve yet.",
            hint="Run the TypeScript export for it.",
        )
    for name in settings.serve.not_yet:
        raise OffstageError(
            "NOT_YET",
            f"{SETTINGS_FILE}: serve.{name}: the exported Python does not obey this setting.",
            hint="Take it out, or run the TypeScript export.",
        )


def _undescribed(source: str) -> OffstageError:
    variable = f"{source.upper().replace('-', '_')}_WEBHOOK_SECRET"
    return OffstageError(
        "CONFIG_INVALID",
        f"A workflow listens to the webhook {source}, of which {SETTINGS_FILE} says nothing.",
        hint=f'Say how its deliveries are proven: "webhooks": {{ "{source}": {{ "verify": "github", "secret": "${{env:{variable}}}" }} }}',
    )
