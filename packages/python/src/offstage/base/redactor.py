"""Keeping secrets out of texts."""

from __future__ import annotations

import re
from typing import Any

import re2 as _untyped

from offstage.base.collections import Object
from offstage.base.errors import OffstageError
from offstage.base.json import Data, UnsafeInteger, is_fields, is_items
from offstage.base.number_text import number_text
from offstage.base.secret_forms import forms_of_secret

# It brings no types.
re2: Any = _untyped
# Shorter texts occur by chance; replacing them would garble everything and still hide nothing.
_SHORTEST_SECRET = 8
# Of one name: a renewal brings three at most, and who still has an older one has nothing.
_MOST_PASSING = 32


class Redactor:
    """Each secret is registered before it is first used, and every text is passed through before it is kept or shown."""

    def __init__(self) -> None:
        self._lasting: dict[str, str] = {}
        self._registered: set[str] = set()
        self._passing: dict[str, dict[str, set[str]]] = {}
        self._beginnings: dict[str, str] = {}
        self._search: tuple[Any, dict[bytes, str]] | None = None
        self._numeric = False

    def register(self, secret: str, name: str) -> None:
        """From now on `secret` is replaced by `[redacted NAME]`, a long one of several lines also line by line. Register what is derived from it too (base64 of `user:token`).

        Errors: `SECRET_TOO_SHORT` under 8 characters, white space around it not counted.
        """
        if secret in self._registered:
            return
        for form in _forms_of(secret, name):
            self._lasting.setdefault(form, name)
        self._registered.add(secret)
        self._changed(secret)

    def register_passing(self, secret: str, name: str) -> None:
        """The same for a secret that others will follow under this name, a token that is renewed: only the newest 32 are replaced for ever on."""
        own = self._passing.setdefault(name, {})
        own.pop(secret, None)
        own[secret] = _forms_of(secret, name)
        while len(own) > _MOST_PASSING:
            del own[next(iter(own))]
        self._changed(secret)

    def register_beginning(self, beginning: str, name: str) -> None:
        """From now on whatever begins with this text, and goes on with letters, digits and `._-`, is replaced."""
        self._beginnings[beginning] = name

    def redact(self, text: str) -> str:
        """Replaces every registered secret, in all its forms. The same text when there is none."""
        if not (self._lasting or self._passing or self._beginnings):
            return text
        found = self._replace(text)
        for beginning, name in self._beginnings.items():
            found = re.sub(re.escape(beginning) + r"[A-Za-z0-9_.-]*", f"[redacted {name}]".replace("\\", "\\\\"), found)
        return found

    def redact_data(self, data: Data) -> Data:
        """Redacts all strings, and the names of members. The same object when nothing was found."""
        if not (self._lasting or self._passing or self._beginnings):
            return data
        return self._data(data)

    def _data(self, data: Data) -> Data:
        if isinstance(data, str):
            return self.redact(data)
        if data is None or isinstance(data, bool):
            return data
        if isinstance(data, int | float | UnsafeInteger):
            return self._number(data)
        if is_items(data):
            items = [self._data(item) for item in data]
            return data if all(item is old for item, old in zip(items, data, strict=True)) else items
        if is_fields(data):
            return self._members(data)
        return data

    def _number(self, data: float | UnsafeInteger) -> Data:
        digits = (data.digits or "") if isinstance(data, UnsafeInteger) else number_text(data)
        redacted = self.redact(digits) if self._numeric else digits
        return data if redacted == digits else redacted

    def _members(self, members: dict[str, Any]) -> dict[str, Any]:
        redacted = Object()
        changed = False
        for key, value in members.items():
            new_key, new_value = self.redact(key), self._data(value)
            changed = changed or new_key != key or new_value is not value
            free, count = new_key, 2
            while new_key != key and (free in redacted or free in members):
                free, count = f"{new_key} ({count})", count + 1
            redacted[free] = new_value
        return redacted if changed else members

    def _changed(self, secret: str) -> None:
        self._numeric = self._numeric or re.match(r"-?[0-9]", secret.strip()) is not None
        self._search = None

    def _replace(self, text: str) -> str:
        pattern, names = self._searcher()
        # As bytes: half a surrogate pair is no reason to miss what stands beside it.
        whole = text.encode("utf-8", "surrogatepass")
        found = pattern.search(whole)
        if found is None:
            return text
        result, copied = b"", 0
        while found is not None:
            start, end, name = found.start(), found.end(), names[found[0]]
            # Matches that overlap are replaced as one stretch, so that no end of the second secret stays visible.
            while (found := pattern.search(whole, found.start() + 1)) is not None and found.start() < end:
                end = max(end, found.end())
            result += whole[copied:start] + f"[redacted {name}]".encode()
            copied = end
        return (result + whole[copied:]).decode("utf-8", "surrogatepass")

    def _searcher(self) -> tuple[Any, dict[bytes, str]]:
        if self._search is None:
            forms = dict(self._lasting)
            for name, secrets in self._passing.items():
                for each in secrets.values():
                    for form in each:
                        forms.setdefault(form, name)
            names = {form.encode("utf-8", "surrogatepass"): name for form, name in forms.items()}
            options: Any = re2.Options()
            options.encoding = re2.Options.Encoding.LATIN1
            options.longest_match = True
            options.max_mem = 256 << 20
            pattern: Any = re2.compile(b"|".join(re2.escape(form) for form in names) or rb"[^\x00-\xff]", options)
            self._search = (pattern, names)
        return self._search


def _forms_of(secret: str, name: str) -> set[str]:
    trimmed = secret.strip()
    if len(trimmed) < _SHORTEST_SECRET:
        raise OffstageError(
            "SECRET_TOO_SHORT",
            f"The secret {name} has fewer than {_SHORTEST_SECRET} characters: it could not be kept out of texts.",
            hint="Use a longer secret, or list the value as a plain setting if it is none.",
        )
    return {form for form in forms_of_secret(trimmed) | forms_of_secret(secret) if form != ""}
