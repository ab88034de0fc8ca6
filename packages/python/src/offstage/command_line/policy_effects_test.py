from offstage.base import JsonObject
from offstage.calls import profile, rule
from offstage.command_line.policy_effects import classes_of
from offstage.config import parse_settings


def test_what_a_condition_of_the_star_decides_is_a_class_of_its_own() -> None:
    others = [rule(when=lambda a: a["dry"], effect="read"), rule(rate={"per_second": 5})]
    known = profile("@acme/shop@1", rules={"get": [rule(effect="read")], "*": others})
    settings = parse_settings(None, "/project")
    read: JsonObject = {"rule": None, "effect": "read", "from": "profile"}
    assert classes_of("shop", "set", {}, known, settings) == [
        read,
        {"rule": None, "effect": "write", "from": "default"},
    ]
    assert classes_of("shop", "get", {}, known, settings) == [{**read, "rule": 0}]
    # One that speaks of the rate alone decides nothing.
    slow = profile("@acme/shop@1", rules={"*": [rule(when=lambda a: a["dry"], rate={"per_second": 5})]})
    assert classes_of("shop", "set", {}, slow, settings) == [{"rule": None, "effect": "write", "from": "default"}]
