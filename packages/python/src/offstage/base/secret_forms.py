"""The texts in which a secret can turn up."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

from offstage.base.json_text import json_string

# Lines from here up are looked for on their own; shorter ones occur by chance.
_SHORTEST_LINE = 12
_SHORTEST_PIECE = 8
# A line break; in a variable, or in a document that holds a key, it is often written out as `\n`.
_LINE_BREAK = re.compile(r"\r\n|\r|\n|\\r\\n|\\n")
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [^-]*-----")
_SURROGATE = re.compile("[\ud800-\udfff]")

# How escapers write the five characters: of Python, of JavaScript's and PHP's libraries, of Go, and those that follow OWASP.
_ENTITIES: tuple[dict[str, str], ...] = (
    {},
    {'"': "&quot;"},
    {'"': "&quot;", "'": "&#x27;"},
    {'"': "&quot;", "'": "&#39;"},
    {'"': "&quot;", "'": "&#039;"},
    {'"': "&#34;", "'": "&#39;"},
    {'"': "&#34;", "'": "&#39;", "+": "&#43;"},
    {'"': "&quot;", "'": "&#x27;", "/": "&#x2F;"},
    {'"': "&quot;", "'": "&#39;", "/": "&#x2F;", "`": "&#x60;", "=": "&#x3D;"},
)

# The percent-encode sets of the URL standard, besides control characters and what is not ASCII.
_QUERY_SET = " \"#<>'"
_PATH_SET = ' "#<>?^`{}'
_FRAGMENT_SET = ' "<>`'
_USERINFO_SET = _PATH_SET + "/:;=@[\\]|"


def forms_of_secret(secret: str) -> set[str]:
    """Raw, whole and line by line; as JSON escapes it, once to three times, in the ways of several languages; in base64 and base64url at each alignment, and broken into lines; in hex; URL-encoded; with HTML's entities."""
    forms = {secret}
    for each in (secret, *_url_decoded(secret)):
        _add_forms(_SURROGATE.sub("\ufffd", each), forms)
    return forms


def _add_forms(secret: str, forms: set[str]) -> None:
    wholes, lines = _texts_of(secret)
    for text in (*wholes, *lines):
        forms.add(text)
        forms.update(_json_forms(text), _url_forms(text), _html_forms(text))
    for text in wholes:
        forms.update(_binary_forms(text.encode()))


def _texts_of(secret: str) -> tuple[list[str], list[str]]:
    """Whole, with every kind of line break and with none; and each line that is long enough, because servers print line by line."""
    parts = _LINE_BREAK.split(secret)
    if len(parts) == 1:
        return [secret], []
    wholes = [secret, "\n".join(parts), "\r\n".join(parts)]
    joined = "".join(parts)
    if len(joined) >= _SHORTEST_LINE:
        wholes.append(joined)
    lines = [line for line in map(str.strip, parts) if len(line) >= _SHORTEST_LINE and not _ARMOUR.fullmatch(line)]
    return list(dict.fromkeys(wholes)), list(dict.fromkeys(lines))


def _json_forms(text: str) -> Iterable[str]:
    written = json_string(text)[1:-1]
    ascii_only = _escape_units(written, r"[^\x20-\x7e]")
    unquoted = written.replace('\\"', '"')
    ways = [
        unquoted,
        unquoted.replace("'", "\\'"),
        written,
        ascii_only,
        written.replace("/", "\\/"),
        ascii_only.replace("/", "\\/"),
        _escape_units(written, "[<>&\u2028\u2029]"),
        _escape_units(written, "[<>&'+\u2028\u2029]"),
        _escape_units(ascii_only, "[<>&'+=]"),
        re.sub(
            r"\\u[0-9a-f]{4}",
            lambda escape: f"\\u{escape[0][2:].upper()}",
            _escape_units(unquoted, "[<>&'+\"`]|[^\\x20-\\x7e]"),
        ),
    ]
    for escaped in dict.fromkeys(ways):
        twice = json_string(escaped)[1:-1]
        yield from (escaped, twice, json_string(twice)[1:-1])


def _escape_units(text: str, which: str) -> str:
    def escape(match: re.Match[str]) -> str:
        units = match[0].encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    return re.sub(which, escape, text)


def _url_forms(text: str) -> Iterable[str]:
    plain = quote(text, safe="-_.!~*'()", errors="surrogatepass")
    strict = _percent(plain, "!'()*")
    ways = [plain, strict, _percent(strict, "~"), _percent(plain, "!'()~")]
    spaced = [each for way in ways for each in (way, way.replace("%20", "+"))]
    everything = [
        *spaced,
        *(way.replace("%2F", "/") for way in spaced),
        quote(text, safe="-_.!~*'();/?:@&=+$,#", errors="surrogatepass"),
        *_in_url(text),
    ]
    lower: Callable[[re.Match[str]], str] = lambda code: code[0].lower()  # noqa: E731
    for way in dict.fromkeys(everything):
        for cased in (way, re.sub("%[0-9A-F]{2}", lower, way)):
            yield from (cased, cased.replace("%", "%25"))


def _percent(text: str, which: str) -> str:
    return "".join(f"%{ord(character):X}" if character in which else character for character in text)


def _in_url(text: str) -> Iterable[str]:
    """What the URL standard makes of a text in a path, a query, a fragment or a password."""
    bare = re.sub(r"[\t\n\r]", "", text)
    path, mark, rest = bare.partition("?")
    path_form = _encode_set(path.replace("\\", "/"), _PATH_SET.replace("#", ""))
    pieces = [
        path_form + mark + _encode_set(rest, _QUERY_SET.replace("#", "")),
        path_form,
        _encode_set(bare, _QUERY_SET),
        _encode_set(bare, _FRAGMENT_SET),
        _encode_set(text, _USERINFO_SET),
    ]
    return [piece for piece in pieces if len(piece) >= _SHORTEST_PIECE]


def _encode_set(text: str, which: str) -> str:
    safe = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in which)
    return quote(text, safe=safe, errors="surrogatepass")


def _url_decoded(text: str) -> Iterable[str]:
    """What whoever decodes a URL sees of a text in it."""
    texts = dict.fromkeys(unquote(each, errors="replace") for each in (text, text.replace("+", " ")))
    return [each for each in texts if each != text and len(each.strip()) >= _SHORTEST_PIECE and "\ufffd" not in each]


def _html_forms(text: str) -> Iterable[str]:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for entities in _ENTITIES:
        yield "".join(entities.get(character, character) for character in escaped)


def _binary_forms(data: bytes) -> Iterable[str]:
    yield from (data.hex(), data.hex().upper(), data.decode("latin-1"))
    for form in _base64_forms(data):
        yield from (form, form.replace("+", "-").replace("/", "_"), form.replace("/", "\\/"))
        yield from _url_forms(form)


def _base64_forms(data: bytes) -> Iterable[str]:
    """Whole and padded as it stands alone; for each alignment, the characters that the secret alone decides; broken into lines."""
    alone = base64.b64encode(data).decode()
    yield from (alone, alone.rstrip("="))
    for before in range(3):
        shifted = bytes(before) + data
        start, end = -(-before * 8 // 6), len(shifted) * 8 // 6
        yield base64.b64encode(shifted).decode()[start:end]
    for columns in (64, 76):
        if len(alone) > columns:
            for at in range(0, len(alone), columns):
                if len(alone[at : at + columns]) >= _SHORTEST_LINE:
                    yield alone[at : at + columns]
