"""What libraries put into the message of an error, for people."""

import re

import mcp_types as types
from mcp.shared.exceptions import MCPError

from offstage.base import Data, OffstageError, is_fields, is_items, parse_exact, shorten

# As many pages as a message names.
_MOST_PAGES = 3
# UTF-16 units of a page's address and what is said of it: far more than is ever shown, since only whole secrets are
# found.
_HELD = 20_000
# Faults that are told; a validator lists every one that it finds.
_MOST_ISSUES = 5


def without_issue_dump(text: str) -> str:
    """The text of an error in which a validating library dumped what it found, as people read it:

    `count: expected number; name: Required`. Any other text as it is.
    """
    found = re.search(r"\[\s*\{", text)
    issues = None if found is None else _issues_of(text[found.start() :])
    if found is None or issues is None:
        return text
    told = [message if path is None else f"{path}: {message}" for path, message in issues[:_MOST_ISSUES]]
    more = [f"and {len(issues) - _MOST_ISSUES} more"] if len(issues) > _MOST_ISSUES else []
    return f"{text[: found.start()].rstrip()} {'; '.join([*told, *more])}".lstrip()


def said(error: BaseException) -> str:
    """What an error says, for people; not redacted."""
    text = error.error.message if isinstance(error, MCPError) else str(error) or type(error).__name__
    return without_issue_dump(text)


def pages_required(error: MCPError) -> str | None:
    """Which pages a server of the legacy era wants opened before it takes a call at all; None for any other error."""
    data: Data = error.error.data
    listed = data.get("elicitations") if is_fields(data) else None
    if error.code != types.URL_ELICITATION_REQUIRED or not is_items(listed):
        return None
    pages: list[str] = []
    for one in listed[:_MOST_PAGES]:
        url = one.get("url") if is_fields(one) else None
        message = one.get("message") if is_fields(one) else None
        pages.append(
            shorten(
                f"{url if isinstance(url, str) else 'a page'}{f' ({message})' if isinstance(message, str) else ''}",
                _HELD,
            )
        )
    return ", ".join(pages) if pages else None


def _issues_of(dump: str) -> list[tuple[str | None, str]] | None:
    """None for what is no list of faults with a place and words each."""
    try:
        issues = parse_exact(dump)
    except OffstageError:
        return None
    if not is_items(issues) or len(issues) == 0:
        return None
    read: list[tuple[str | None, str]] = []
    for issue in issues:
        path, message = (issue.get("path"), issue.get("message")) if is_fields(issue) else (None, None)
        if not is_items(path) or not isinstance(message, str) or not all(isinstance(step, str | int) for step in path):
            return None
        read.append((".".join(str(step) for step in path) if len(path) > 0 else None, message))
    return read
