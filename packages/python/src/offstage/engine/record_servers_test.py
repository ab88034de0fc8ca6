import ast

import pytest

from offstage.engine.record_servers import tell_servers

HELPERS = """
def label(pr: github.PullRequest) -> str:
    return pr["id"]

async def looked_up(pr: dict) -> str:
    found: jira.Issue = await github.get(pr)
    return found

async def made(pr) -> jira.Issue:
    return await jira.create(pr)
"""


def server_of(create: str, find: str = "lambda pr: wiki.search(pr)") -> str | None:
    tree = ast.parse(f"{HELPERS}\nticket = record('ticket', find={find}, create={create})")
    tell_servers(tree, {"github", "jira", "wiki"})
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "record")
    return next((ast.unparse(one.value) for one in call.keywords if one.arg == "server"), None)


@pytest.mark.parametrize(
    ("create", "expected"),
    [
        pytest.param(
            "lambda pr: jira.create(label=label(pr))", "jira", id="the type of a helper's argument calls nothing"
        ),
        pytest.param(
            "lambda pr: jira.create(text=looked_up(pr))", "jira", id="what is looked up for an argument comes before"
        ),
        pytest.param("lambda pr: made(looked_up(pr))", "jira", id="through a helper"),
        pytest.param("looked_up", "github", id="a helper itself; the type of a variable calls nothing"),
        pytest.param(
            "lambda pr: [github.get(one) for one in jira.list(pr)]",
            "github",
            id="a list is gone through after it is there",
        ),
        pytest.param("lambda pr: label(pr)", "wiki", id="where create calls none, that of find"),
    ],
)
def test_a_record_lives_where_the_last_call_of_its_create_goes(create: str, expected: str) -> None:
    assert server_of(create) == expected


def test_a_server_that_an_owner_wrote_stays() -> None:
    tree = ast.parse("ticket = record('ticket', server=wiki, create=lambda pr: jira.create(pr))")
    tell_servers(tree, {"jira", "wiki"})
    assert ast.unparse(tree).count("server=wiki") == 1 and "server=jira" not in ast.unparse(tree)
