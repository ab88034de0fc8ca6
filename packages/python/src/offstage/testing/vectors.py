"""What TypeScript says of cases, for Python to say the same."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


def vectors(suite: str) -> list[dict[str, Any]]:
    """The lines of a suite, made by TypeScript in the same run (`npm run test:python`). The test is skipped where there are none."""
    folder = os.environ.get("OFFSTAGE_VECTORS")
    if folder is None:
        pytest.skip("there are no vectors: npm run test:python makes them")
    text = (Path(folder) / f"{suite}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]
