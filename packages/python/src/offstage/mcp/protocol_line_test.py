"""Lines that no library would write."""

import pytest

from offstage.mcp.protocol_line import read_protocol_line


@pytest.mark.parametrize("levels", [300, 2_500, 100_000])
@pytest.mark.parametrize("first", [True, False])
def test_an_answer_however_deep_is_told_to_whoever_asked(levels: int, first: bool) -> None:
    deep = f'{{"content": [], "id": "no", "text": "[{{\\"id\\": 3", "deep": {"[" * levels}{"]" * levels}}}'
    answer = (
        f'{{"jsonrpc": "2.0", "id": 7, "result": {deep}}}'
        if first
        else f'{{"result": {deep}, "id": 7, "jsonrpc": "2.0"}}'
    )
    read = read_protocol_line(answer)
    assert read is not None
    assert (read["id"], read.get("result")) == (7, None)
    assert read["error"] == {
        "code": -32_700,
        "message": "the answer cannot be read: The JSON nests more than 256 levels.",
    }


def test_what_is_deep_and_no_answer_is_none() -> None:
    deep = f"{'[' * 100_000}{']' * 100_000}"
    assert read_protocol_line(f'{{"log": {deep}}}') is None
    assert read_protocol_line(f'{{"jsonrpc": "2.0", "id": 7, "result": {deep}') is None
