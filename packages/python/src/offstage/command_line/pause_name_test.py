"""What is paused, by the name that people say."""

from __future__ import annotations

import pytest

from offstage.base import OffstageError
from offstage.command_line.pause_name import pause_name

_WORKFLOWS, _SERVERS = ["leak-tickets", "jira"], ["jira", "github"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("all", "*"),
        ("*", "*"),
        ("leak-tickets", "workflow:leak-tickets"),
        ("github", "server:github"),
        ("server:jira", "server:jira"),
        ("workflow:jira", "workflow:jira"),
        # Gone from the package, and paused all the same.
        ("old", "workflow:old"),
        # Another package over the same store has it.
        ("workflow:another", "workflow:another"),
    ],
)
def test_a_name_that_one_thing_has_is_enough(said: str, meant: str) -> None:
    assert pause_name(said, workflows=_WORKFLOWS, servers=_SERVERS, paused=["workflow:old"]) == meant


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("jira", "jira is a workflow and a server."),
        ("nobody", "There is no workflow and no server nobody."),
        ("server:nobody", "There is no server nobody."),
        ("workflow:", "There is no workflow and no server workflow:."),
    ],
)
def test_a_name_that_nothing_has_or_two_have_is_a_slip(said: str, message: str) -> None:
    with pytest.raises(OffstageError) as raised:
        pause_name(said, workflows=_WORKFLOWS, servers=_SERVERS, paused=[])
    assert (raised.value.code, raised.value.message) == ("USAGE", message)
