"""All pages of a server's tools, as they came: the SDK's types drop fields that they do not know, and a changed tool must be seen whatever changed."""

from collections.abc import Mapping

import mcp_types as types
from pydantic import ValidationError

from offstage.base import Data, OffstageError, is_fields, is_items

from .catalogue import Catalogue, catalogue_of
from .failures import protocol_failure
from .issue_text import said
from .raw_dispatcher import Question, asked
from .turn import Line

# A list whose cursor never ends is the server's mistake.
_MOST_PAGES = 200


async def read_catalogue(line: Line) -> Catalogue:
    """Reads all tools, and what the server said of itself. Errors: `SERVER_PROTOCOL`, and why the connection is over."""
    session = line.session()
    tools: list[Mapping[str, Data]] = []
    cursor: str | None = None
    seen: set[str] = set()
    capabilities = session.server_capabilities
    if capabilities is None or capabilities.tools is None:
        return catalogue_of(line.name, session, tools, line.context.redactor)
    for _ in range(_MOST_PAGES):
        result = await _read_page(line, cursor)
        listed = result.get("tools")
        if not is_items(listed) or not all(is_fields(tool) and isinstance(tool.get("name"), str) for tool in listed):
            raise OffstageError(
                "SERVER_PROTOCOL",
                f'The MCP server "{line.name}" answered tools/list with something that is not a list of named tools.',
                hint="Tell its authors.",
            )
        tools += listed
        following = result.get("nextCursor")
        if not isinstance(following, str):
            return catalogue_of(line.name, session, tools, line.context.redactor)
        if following in seen:
            break
        seen.add(following)
        cursor = following
    raise OffstageError(
        "SERVER_PROTOCOL",
        f'The MCP server "{line.name}" never ends its list of tools.',
        hint="Tell its authors: nextCursor repeats or goes on for ever.",
    )


async def _read_page(line: Line, cursor: str | None) -> Mapping[str, Data]:
    question = Question({} if cursor is None else {"cursor": cursor}, is_typed=True)
    token = asked.set(question)
    try:
        await line.session().list_tools(params=None if cursor is None else types.PaginatedRequestParams(cursor=cursor))
    except ValidationError:
        # The SDK's types do not take it; what is compared with the lock is what came.
        pass
    except Exception as error:
        if isinstance(error, OffstageError):
            raise
        refusal = None if question.request_id is None else line.way.refusal(question.request_id)
        failure = refusal.error if refusal is not None else line.way.failure()
        raise failure or protocol_failure(line.name, "tools/list", line.context.redactor.redact(said(error))) from error
    finally:
        asked.reset(token)
    return question.result or {}
