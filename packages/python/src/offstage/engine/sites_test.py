import ast
import re

import pytest

from offstage.engine.sites import mark


def sites_of(step: str) -> list[str]:
    marked = mark(ast.parse(f"from .servers import book\n\nasync def body(context):\n    return {step}\n"))
    texts = [node.value for node in ast.walk(marked) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [text for text in texts if re.fullmatch(r"[\w.]+#\d+", text)]


@pytest.mark.parametrize(
    ("step", "sites"),
    [
        ("await book.list(number=1)", ["book.list#1"]),
        ("await book.list.pages(max=5)(number=1)", ["book.list.pages#1"]),
        pytest.param("await book.pages(number=1)", ["book.pages#1"], id="a tool that is called pages"),
        pytest.param("await book.pages.pages(max=5)(number=1)", ["book.pages.pages#1"], id="all of its pages"),
    ],
)
def test_a_call_of_a_tool_is_a_step(step: str, sites: list[str]) -> None:
    assert sites_of(step) == sites
