"""Rules, as people find them."""

from __future__ import annotations

from offstage.gate.policy_match import Ruling
from offstage.model import Policy


def rule_name(policy: Policy, ruling: Ruling) -> str:
    """Which rule of a policy it is: `rule 3 of the policy (offstage.yaml:12)`."""
    rule, sure = ruling
    number = next((index for index, one in enumerate(policy["rules"], 1) if one is rule), 0)
    place = f" ({rule['place']})" if "place" in rule else ""
    return f"rule {number} of the policy{place}{'' if sure else ', which may match,'}"
