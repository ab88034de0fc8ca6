"""Asks printed profiles: lines of JSON, a profile's text first (`{"id", "text"}`), then questions of it (`{"id", "tool", "args", "reply"}`), each answered by one line."""

import sys
from contextlib import suppress
from typing import Any

import offstage
from offstage import calls
from offstage.base import Object, OffstageError, UnsafeInteger, parse_exact, stringify_exact, undefined
from offstage.calls import Rulebook, RuleReply
from printed_vocabulary import load, put_vocabulary


def plain(value: Any) -> Any:
    """A value as JSON tells it."""
    return None if value is undefined or isinstance(value, UnsafeInteger) else value


def answer(book: Rulebook, tool: str, args: Any, reply: Any) -> dict[str, Any]:
    """What the profile says of one call, and of its answer."""
    seen = RuleReply(text=reply["text"], data=reply["data"], is_error=reply["isError"])
    rule = book.rule("s", tool, args)

    def ask(function: Any) -> Any:
        if function is None:
            return "unsaid"
        try:
            return plain(function(seen))
        except OffstageError as error:
            return error.code

    pages = book.paging("s", tool, args)
    first = pages.first(args)
    following: Any = "RESULT_UNREADABLE"
    with suppress(OffstageError, TypeError):
        pages.items(reply["data"])
        following = pages.next(first, reply["data"])
    return {
        "class": book.classify("s", tool, args),
        "sensitive": list(rule.sensitive),
        "rate": {
            name: value
            for name, value in (("perSecond", rule.rate.per_second), ("concurrent", rule.rate.concurrent))
            if value is not None
        },
        "asked": [ask(rule.result), ask(rule.failed), ask(rule.refused), ask(rule.gone)],
        "first": first,
        "following": following,
        "max": pages.max,
    }


def main() -> None:
    put_vocabulary()
    for name in calls.__all__:
        setattr(offstage, name, getattr(calls, name))
    books: dict[str, Rulebook] = {}
    for line in sys.stdin:
        task = parse_exact(line)
        if "text" in task:
            books[task["id"]] = Rulebook({"s": load(task["text"], task["id"])["PROFILE"]})
            continue
        print(stringify_exact(answer(books[task["id"]], task["tool"], Object(task["args"]), task["reply"])))


if __name__ == "__main__":
    main()
