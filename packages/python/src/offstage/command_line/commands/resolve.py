"""`resolve`: says what happened to a write of which nobody else can know."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.base import OffstageError, parse_exact
from offstage.command_line.answers import by_prefix, redacted
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import FINE, WAITING, ExitCode
from offstage.command_line.stage import project_store
from offstage.command_line.terminal import table_text
from offstage.command_line.texts import instant
from offstage.command_line.texts.run_text import name_of
from offstage.effects import Verdict, resolve_effect
from offstage.model import LedgerEntry
from offstage.state import RestoreDoubt, Store, StoreTx, end_restore_doubt, restore_doubt

_MOST = 1_000
# The newest done writes, among which are those whose results could not be read.
_MOST_SEARCHED = 100_000


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "effect", nargs="?", help="the effect's id or its beginning; without it the open ones are listed"
    )
    parser.add_argument("--happened", action="store_true", help="the write happened")
    parser.add_argument("--did-not-happen", action="store_true", help="it did not: it may be attempted again")
    parser.add_argument("--result", metavar="JSON", help="with --happened: what the tool answered")
    parser.add_argument(
        "--nothing-lost", action="store_true", help="after a restore of the store: what it does not know did not happen"
    )
    parser.add_argument("--by", metavar="NAME", help="who says so")


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Lists what cannot be known; with an effect, keeps what a person found out."""
    async with project_store(io) as (store, _):
        open_ones, doubt = await store.transact(_read, durable=False, reads=True)
        if given.nothing_lost:
            return await _trust(io, store, given)
        if given.effect is None:
            return _list(io, open_ones, doubt)
        if given.happened == given.did_not_happen:
            raise usage(
                "Say what happened.", "Give --happened or --did-not-happen, after looking at the target itself."
            )
        effect = by_prefix(
            open_ones, given.effect, code="EFFECT_UNKNOWN", noun="open effect", listing="offstage resolve"
        )
        entry = await resolve_effect(
            store, effect["id"], _verdict(io, given), by=io.person(given.by), now=io.clock.now()
        )
        said = f"{name_of(effect)} is now {entry['status']}. The next run goes on from there."
        io.answer({"effect": entry["id"], "status": entry["status"]}, said)
        return FINE


async def _read(tx: StoreTx) -> tuple[list[LedgerEntry], RestoreDoubt | None]:
    unsettled = await tx.list_effects(status=["intended", "ambiguous"], limit=_MOST)
    done = await tx.list_effects(status=["done"], limit=_MOST_SEARCHED)
    return [*unsettled, *(one for one in done if _is_unread(one))], await restore_doubt(tx)


def _is_unread(entry: LedgerEntry) -> bool:
    outcome = entry["outcome"]
    unread = outcome is not None and outcome["kind"] == "done" and outcome["unreadable"]
    return unread and entry["completion"] is None


async def _trust(io: CommandIo, store: Store, given: Namespace) -> ExitCode:
    if given.effect is not None or given.happened or given.did_not_happen:
        raise usage("--nothing-lost speaks of the whole store.", "Give it alone.")
    await end_restore_doubt(store, by=io.person(given.by), now=io.clock.now())
    io.answer({"restored": None}, "What the store does not know did not happen: writes are made without asking again.")
    return FINE


def _verdict(io: CommandIo, given: Namespace) -> Verdict:
    if not given.happened:
        return {"kind": "did-not-happen"}
    if given.result is None:
        return {"kind": "happened"}
    # Of a text in which no secret stands: a fault quotes a piece of it.
    try:
        return {"kind": "happened", "value": parse_exact(io.redactor.redact(given.result))}
    except OffstageError as error:
        raise usage(
            f"--result: {error.message}", """Write what the tool answered: --result '{"key": "value"}'."""
        ) from error


def _list(io: CommandIo, effects: list[LedgerEntry], doubt: RestoreDoubt | None) -> ExitCode:
    shown = [redacted(io, one) for one in effects]
    rows = [
        [
            entry["id"][:12],
            name_of(entry),
            entry["server"] if entry["tool"] is None else f"{entry['server']}.{entry['tool']}",
            "done, unread" if entry["status"] == "done" else entry["status"],
            instant(entry["intendedAt"]),
        ]
        for entry in shown
    ]
    head = ["effect", "what", "call", "status", "sent or to be sent"]
    lines = [
        table_text([head, *rows], io.terminal.width)
        if rows
        else "Nothing is open: every write is known to have happened or not."
    ]
    if doubt is not None:
        lines.append(
            "The store was restored from a backup, or is new where there was another: it may not know all that was written. Each new `once` waits for a person until somebody who has looked says: offstage resolve --nothing-lost"
        )
    io.answer({"effects": shown, "restored": None if doubt is None else doubt._asdict()}, "\n\n".join(lines))
    return WAITING if rows or doubt is not None else FINE
