"""The variables of a server's `envFile` (VS Code): `NAME=value`, as `.env` files have them."""

import re

from .secret_sources import SecretPlaces, file_text

# As Node reads them: quotes of three kinds hold a value together, over lines too; `#` begins a comment outside them.
_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?([^\s=#][^=\n]*?)[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\n#]*))""",
    re.MULTILINE,
)


def read_env_file(path: str, places: SecretPlaces, place: str) -> dict[str, str]:
    """Their values stand for themselves: nothing in them is a reference.

    Errors: `SECRET_MISSING` when there is no such file.
    """
    text = file_text(path, places, f"{place}, envFile").replace("\r\n", "\n")
    return {match.group(1): _value(match) for match in _LINE.finditer(text)}


def _value(match: "re.Match[str]") -> str:
    double, single, tick, bare = match.group(2), match.group(3), match.group(4), match.group(5)
    if double is not None:
        return str(double).replace("\\n", "\n")
    return next((str(one) for one in (single, tick) if one is not None), str(bare or "").strip())
