"""Credentials inside texts: of URLs, of connection strings, of headers and of JSON."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from .secret_names import sounds_secret

_MASK = "***"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,31}://", re.IGNORECASE)
# As long as no person's name is, and as tokens are.
_TOKEN_LENGTH = 20

Take = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Masked:
    """A text without the credentials that it held.

    `shown`: passwords taken out, queries and fragments of URLs too; what says where is still there. `credentials`: what
    was taken out, as it stood there and percent-decoded.
    """

    shown: str
    urls: list[str]
    credentials: list[str]


def mask_credentials(text: str) -> Masked:
    """Takes credentials out of a variable, an argument or a URL."""
    found: dict[str, None] = {}

    def take(credential: str) -> None:
        found.update(dict.fromkeys(_variants_of(credential)))

    parts = [(_mask_url(part, take) if is_url else part, is_url) for part, is_url in _split_urls(text)]
    shown = _mask_named("".join(part for part, _ in parts), take)

    def driver(match: re.Match[str]) -> str:
        take(match.group(2))
        return f"{match.group(1)}@"

    # Go's MySQL driver: user:password@tcp(host:3306)/db.
    shown = re.sub(r"^([^\s:@/]+):(\S+)@(?=\w*\()", driver, shown)
    return Masked(
        shown=shown, urls=[_mask_named(part, take) for part, is_url in parts if is_url], credentials=list(found)
    )


# A name, what is between, and a value: fields of JSON; settings, whose value ends with its quote, or with `;`, `&`, a
# comma or white space; flags, where no variable of a shell follows; headers.
_NAMED: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r'"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*)"'), '"{0}"{1}"***"'),
    (
        re.compile(
            r"""([A-Za-z][A-Za-z0-9_-]{0,63}(?: [A-Za-z][A-Za-z0-9_]{0,31})?)(\s?=\s?)("[^"]*"|'[^']*'|\{[^}]*\}|[^;&,\s"'{}]+)"""
        ),
        "{0}{1}***",
    ),
    (
        re.compile(r"""(?<!\S)(--?[A-Za-z][A-Za-z0-9_-]{0,63})(\s{1,8})("[^"]*"|'[^']*'|[^\s"'$%-][^\s"']*)"""),
        "{0}{1}***",
    ),
    (
        re.compile(r"""([A-Za-z][A-Za-z0-9_-]{0,63})(:\s+)((?:(?i:Bearer|Basic)\s+)?[^\s,;"']+)"""),
        "{0}{1}***",
    ),
]


def _mask_named(text: str, take: Take) -> str:
    for pattern, written in _NAMED:

        def replaced(match: re.Match[str], written: str = written) -> str:
            name, between, value = match.group(1), match.group(2), match.group(3)
            if value in ("", _MASK) or not sounds_secret(name):
                return match.group(0)
            take(value)
            return written.format(name, between)

        text = pattern.sub(replaced, text)

    def scheme(match: re.Match[str]) -> str:
        take(f"{match.group(1)} {match.group(2)}")
        return f"{match.group(1)} {_MASK}"

    return re.sub(r"(?<![A-Za-z0-9_])(Bearer|Basic)\s+([A-Za-z0-9_.~+/=-]{6,})", scheme, text, flags=re.IGNORECASE)


def _variants_of(credential: str) -> list[str]:
    """A credential as it stands, without quotes, decoded, without its scheme; and the password of Basic credentials."""
    bare = re.sub(r"^\{(.*)\}$", r"\1", re.sub(r"^([\"'])(.*)\1$", r"\2", credential, flags=re.DOTALL), flags=re.DOTALL)
    match = re.fullmatch(r"(Bearer|Basic)\s+(.*)", bare, re.IGNORECASE | re.DOTALL)
    scheme, value = ("", "") if match is None else (match.group(1), match.group(2))
    password = _basic_password(value) if scheme.lower() == "basic" else ""
    return [each for each in (bare, _json_text(bare), _percent_decoded(bare), value, password) if each != ""]


def _basic_password(value: str) -> str:
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4)).decode("utf-8", "replace").partition(":")[2]
    except (ValueError, binascii.Error):
        return ""


def _split_urls(text: str) -> list[tuple[str, bool]]:
    """Where URLs are in a text: each ends before the next one, with white space, or with the quote that stands before
    it.
    """
    starts = [match.start() for match in _SCHEME.finditer(text)]
    parts: list[tuple[str, bool]] = [(text[: starts[0]] if starts else text, False)]
    for index, start in enumerate(starts):
        is_last = index + 1 == len(starts)
        stretch = text[start : len(text) if is_last else starts[index + 1]]
        quote = text[start - 1] if start > 0 and text[start - 1] in "\"'`" else ""
        end = re.search(rf"[\s{quote}]", stretch)
        length = (
            end.start()
            if end is not None
            else len(stretch) - (0 if is_last else len(stretch) - len(stretch.rstrip(",;|")))
        )
        parts += [(stretch[:length], True), (stretch[length:], False)]
    return parts


def _mask_url(url: str, take: Take) -> str:
    """`postgres://ada:p/w#@host/db?key=x` → `postgres://ada@host/db`.

    A password ends with the last `@`: people forget to encode it.
    """
    match = re.fullmatch(r"([^:]+://)(.*)", url, re.DOTALL)
    scheme, rest = ("", url) if match is None else (match.group(1), match.group(2))
    at = _end_of_user(rest)
    user = rest[: max(at, 0)]
    place, query = _split_once(rest[at + 1 :], r"[?#]")
    for pair in re.split(r"[&;#]", query):
        name, value = _split_once(pair, "=")
        if value != "" and sounds_secret(name):
            take(value)
    if at < 0:
        return f"{scheme}{place}"
    name, password = _split_once(user, ":")
    if password != "":
        take(password)
    if password != "" or len(name) < _TOKEN_LENGTH or "@" in name:
        return f"{scheme}{name}@{place}"
    take(name)
    return f"{scheme}{_MASK}@{place}"


def _end_of_user(rest: str) -> int:
    """Where the `@` before the host is; -1 when the URL begins with its host."""
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" not in authority and re.fullmatch(r"(?:\[[^\]]*\]|[^:]*)(?::\d*)?", authority):
        return -1
    # An @ in a query is no end of a password, unless there is no other.
    query = re.search(r"\?[\w.%-]+=", rest)
    before = rest[: len(rest) if query is None else query.start()].rfind("@")
    return rest.rfind("@") if before == -1 else before


def _split_once(text: str, at: str) -> tuple[str, str]:
    match = re.search(at, text)
    return (text, "") if match is None else (text[: match.start()], text[match.start() + 1 :])


def _percent_decoded(text: str) -> str:
    try:
        return text if re.search(r"%(?![0-9A-Fa-f]{2})", text) else unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _json_text(escaped: str) -> str:
    try:
        return str(json.loads(f'"{escaped}"'))
    except ValueError:
        return escaped
