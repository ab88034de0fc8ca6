from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import offstage


def test_no_room_hides_a_word_of_workflows() -> None:
    """In a process of this suite other rooms may be imported already: what counts is what stands there after all of them are."""
    for room in pkgutil.iter_modules(offstage.__path__, "offstage."):
        importlib.import_module(room.name)
    names = vars(offstage)
    words: list[str] = names["__all__"]
    hidden = [word for word in words if isinstance(names[word], ModuleType)]
    assert hidden == []
