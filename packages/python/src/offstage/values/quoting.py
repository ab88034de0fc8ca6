"""`quote.*`: a text as part of another system's text, where it stays data whatever is in it."""

from __future__ import annotations

import re
from typing import Any, final

from offstage.regexp import units_of
from offstage.values.kinds import as_text, type_error
from offstage.values.numbers import encode_component

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Marks that mean something only together with others that are escaped.
_MARKDOWN_PLAIN = frozenset(":\"'=@^$")


def _quoted(text: str) -> str:
    return re.sub(
        '["\\\\\x00-\x1f\x7f\u2028\u2029]',
        lambda char: _ESCAPES.get(char[0], f"\\u{ord(char[0]):04x}"),
        text,
    )


@final
class Quote:
    """One function a language. `jql`, `graphql` and `sql` give the literal with its quotes; the others what to put in place."""

    __slots__ = ()

    def jql(self, text: Any) -> str:
        """A JQL string in double quotes: `\\` and `"` escaped, line ends and other control characters as escapes."""
        return f'"{_quoted(as_text(text, "The argument of quote.jql"))}"'

    def graphql(self, text: Any) -> str:
        """A GraphQL string in double quotes: the escapes of JSON."""
        return f'"{_quoted(as_text(text, "The argument of quote.graphql"))}"'

    def sql(self, text: Any) -> str:
        """A standard SQL string: `'` doubled. NUL, which no database takes, is refused."""
        known = as_text(text, "The argument of quote.sql")
        if "\0" in known:
            raise type_error("quote.sql: a text with a NUL character cannot be an SQL string.")
        return "'" + known.replace("'", "''") + "'"

    def html(self, text: Any) -> str:
        """Text for HTML, in elements and quoted attributes."""
        return re.sub("[&<>\"']", lambda char: _HTML[char[0]], as_text(text, "The argument of quote.html"))

    def url(self, text: Any) -> str:
        """One component of a URL; also escapes `! ' ( ) *`, which encodeURIComponent leaves."""
        encoded = encode_component(units_of(as_text(text, "The argument of quote.url")))
        return re.sub(r"[!'()*]", lambda char: f"%{ord(char[0]):X}", encoded)

    def slack(self, text: Any) -> str:
        """Slack's mrkdwn: `&`, `<` and `>` are the only characters that must be escaped."""
        return re.sub("[&<>]", lambda char: _HTML[char[0]], as_text(text, "The argument of quote.slack"))

    def markdown(self, text: Any) -> str:
        """One line of Markdown: every mark escaped with `\\`, line ends as spaces, so that no text can begin a block."""
        line = re.sub("\r\n|[\r\n\u2028\u2029]", " ", as_text(text, "The argument of quote.markdown"))
        return re.sub(
            r"""[\\`*_{}\[\]()<>#+\-.!|~&$^:"'=@]""",
            lambda char: char[0] if char[0] in _MARKDOWN_PLAIN else f"\\{char[0]}",
            line,
        )


quote = Quote()
