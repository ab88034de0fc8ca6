"""Files that are no plan."""

from pathlib import Path

import pytest

from offstage.base import OffstageError
from offstage.command_line.commands.plan import read_plan_file


@pytest.mark.parametrize("text", ["[" * 100_000, '{"id":' * 100_000, "[]", '{"id": 1}', "no", "\ufeff{}"])
def test_a_file_that_is_no_plan_is_a_slip_however_it_looks(tmp_path: Path, text: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(OffstageError) as raised:
        read_plan_file(str(file))
    assert (raised.value.code, raised.value.message) == ("USAGE", f"{file} is no plan.")
