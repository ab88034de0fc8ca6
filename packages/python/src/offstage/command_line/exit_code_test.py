from typing import cast

import pytest

from offstage.base import JsonObject
from offstage.command_line.exit_code import FAILED, FINE, WAITING, ExitCode, exit_code_of_run
from offstage.model import Run


@pytest.mark.parametrize(
    ("failures", "in_doubt", "code"), [(0, 0, FINE), (1, 0, FAILED), (0, 1, WAITING), (1, 1, WAITING)]
)
def test_a_plan_tells_what_failed_and_first_what_only_a_person_can_know(
    failures: int, in_doubt: int, code: ExitCode
) -> None:
    some: list[JsonObject] = [{}]
    run = {"status": "planned", "failures": some * failures, "ambiguous": some * in_doubt}
    assert exit_code_of_run(cast("Run", run)) == code
