"""What hides in a text shows, and what is seen stays: the vectors of TypeScript."""

from __future__ import annotations

import json

import pytest

from offstage.base import spell_hidden, spell_hidden_in_json


@pytest.mark.parametrize("emoji", ["👩‍💻", "❤️", "☺︎", "🕵🏻‍♂️", "🏳️‍🌈", "1️⃣", "❤️‍🔥", "👨‍👩‍👧‍👦", "a\n\tb 日本 é"])
def test_what_is_seen_stays(emoji: str) -> None:
    assert spell_hidden(emoji) == emoji


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u200bc\x00d\ud800\r", r"a\u202eb\u200bc\u0000d\ud800\u000d"),
        ("\U000e0041\u3164\u115f\u2800\u1160\uffa0\U000e0100", r"\u{e0041}\u3164\u115f\u2800\u1160\uffa0\u{e0100}"),
        (
            "a\ufe0fb\u200dc ❤\ufe0f\ufe0e👩\u200d\u200d💻 👩\u200d! 1\ufe0f",
            "a\\ufe0fb\\u200dc ❤\ufe0f\\ufe0e👩\\u200d\\u200d💻 👩\\u200d! 1\\ufe0f",
        ),
        (
            "\u034f\u17b4\u180b\U0001d173\U0001bca0\U000e0080\U000e0fff\ufff0\ufe00",
            r"\u034f\u17b4\u180b\u{1d173}\u{1bca0}\u{e0080}\u{e0fff}\ufff0\ufe00",
        ),
    ],
)
def test_what_hides_is_spelt_out(text: str, shown: str) -> None:
    assert spell_hidden(text) == shown


def test_in_json_it_is_the_same_value() -> None:
    written = json.dumps({"a\u202e": "b\U000e0041\u3164"}, ensure_ascii=False)
    assert spell_hidden_in_json(written) == r'{"a\u202e": "b\udb40\udc41\u3164"}'
    assert json.loads(spell_hidden_in_json(written)) == json.loads(written)
