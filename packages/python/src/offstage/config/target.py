"""Which account or site a server speaks to, as far as its entry tells."""

import re
from collections.abc import Mapping, Sequence

from .credentials import mask_credentials

# Variables that say how a process runs, not whom it speaks to.
_ABOUT_THE_PROCESS = re.compile(
    r"NODE_.*|PATH|HOME|LANG|LC_.*|TZ|TERM|NO_COLOR|FORCE_COLOR|DEBUG|.*LOG_?LEVEL|.*_PROXY|PYTHON.*|UV_.*|NPM_.*",
    re.IGNORECASE,
)


def target_of_process(args: Sequence[str], env: Mapping[str, tuple[str, bool]]) -> str:
    """The variables that are no secrets and the arguments that are URLs, sorted.

    `args` and the first of each variable are shown texts, secrets already replaced by their names; the second says
    whether it is a secret. Command, package and version are not part of it, so that an update does not look like
    another site.
    """
    variables = [
        f"{name}={mask_credentials(shown).shown}"
        for name, (shown, secret) in env.items()
        if not secret and _ABOUT_THE_PROCESS.fullmatch(name) is None
    ]
    urls = [url for arg in args for url in mask_credentials(arg).urls]
    return " ".join(sorted([*variables, *urls], key=lambda text: text.encode("utf-16-be", "surrogatepass")))


def target_of_url(url: str) -> str:
    """The URL, without credentials and queries: a rotated token does not look like another site."""
    return mask_credentials(url).shown
