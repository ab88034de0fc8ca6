"""What is known of every call: the policy, the profiles and trusted hints as one answer.

What nobody decides is a write.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from offstage.base import Data, Object, OffstageError, to_error_data, undefined
from offstage.model import CallClass

from .outcome import unreadable
from .pages import OnePage, Paging, ProfilePaging
from .ports import CallEffect, RateLimit, Rule, RuleReply
from .profile import Function, Profile, ProfileRule, apply, is_true


def _no_class(_server: str, _tool: str) -> CallEffect | None:
    return None


def _untrusted(_server: str, _tool: str) -> bool:
    return False


class Rulebook:
    """Says of each call what it does and how its answer is read."""

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        policy_effect: Callable[[str, str], CallEffect | None] = _no_class,
        trusted_read: Callable[[str, str], bool] = _untrusted,
    ) -> None:
        """`policy_effect`: what the project's policy says of a tool, over what its profile says.

        `trusted_read`: tools that call themselves read-only, where the policy trusts that; asked only when nobody else
        says what a call is.
        """
        self._profiles = profiles
        self._policy_effect = policy_effect
        self._trusted_read = trusted_read

    def rule(self, server: str, tool: str, args: Any) -> Rule:
        """How a call and its answer are to be taken."""
        found = self._find(server, tool, args)
        rule = found.rule
        effect, is_hinted = self._effect(server, tool, found)
        return Rule(
            effect=effect,
            is_hinted=is_hinted,
            sensitive=rule.sensitive or (),
            rate=rule.rate or RateLimit(),
            result=None if rule.result is None else _result(rule.result, args, found.package),
            failed=None if rule.failed is None else _failed(rule.failed, args, found.package),
            refused=None if rule.refused is None else _holding(rule.refused, args),
            gone=None if rule.gone is None else _holding(rule.gone, args),
        )

    def classify(self, server: str, tool: str, args: Any) -> CallClass:
        """What a call does, as far as its arguments are known."""
        found = self._find(server, tool, args)
        rule = found.rule
        idempotent = found.decided and (
            _holds(rule.idempotent, args) if callable(rule.idempotent) else rule.idempotent is True
        )
        return {
            "effect": self._effect(server, tool, found)[0],
            "idempotent": idempotent,
            "consistent": found.decided and rule.consistent is True,
            "lagMs": rule.lag_ms if found.decided else None,
            "affects": list(rule.affects or ()),
            "undo": rule.undo,
        }

    def paging(self, server: str, tool: str, args: Any) -> Paging:
        """How a call pages."""
        found = self._find(server, tool, args)
        pages = found.rule.pages

        def ask(function: Function, *values: Any) -> Any:
            return _ask(function, values, found.package)

        return OnePage() if not found.decided or pages is None or pages == "none" else ProfilePaging(pages, ask)

    def target(self, server: str, tool: str, args: Any) -> str | None:
        """The account or site that the call speaks to; None when the profile does not say.

        Errors: `RESULT_UNREADABLE`.
        """
        found = self._find(server, tool, args)
        if found.rule.target is None:
            return None
        target = _ask(found.rule.target, (args,), found.package)
        if not isinstance(target, str):
            raise unreadable(f"The profile {found.package} gave a target that is no string.")
        return target

    def _effect(self, server: str, tool: str, found: "_Found") -> tuple[CallEffect, bool]:
        said = self._policy_effect(server, tool) or ("write" if not found.decided else found.rule.effect)
        if said is not None:
            return said, False
        return ("read", True) if self._trusted_read(server, tool) else ("write", False)

    def _find(self, server: str, tool: str, args: Any) -> "_Found":
        profile = self._profiles.get(server)
        if profile is None:
            return _Found(rule=ProfileRule(), decided=True, package="")
        first, decided = (None, True) if tool == "*" else _first(profile.rules.get(tool, ()), args)
        filling, filled = _first(profile.rules.get("*", ()), args)
        return _Found(rule=_merged(first, filling), decided=decided and filled, package=profile.package)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The rule of a call.

    `decided` is false when a `when` depends on what is not known yet, or failed: the call has to be taken for a write.
    """

    rule: ProfileRule
    decided: bool
    package: str


def _merged(rule: ProfileRule | None, filling: ProfileRule | None) -> ProfileRule:
    if rule is None or filling is None:
        return rule or filling or ProfileRule()
    said = {name: value for name, value in vars(rule).items() if value is not None}
    return replace(filling, **said)


def _first(rules: Sequence[ProfileRule], args: Any) -> tuple[ProfileRule | None, bool]:
    """The first rule whose `when` holds, and whether that could be told."""
    for rule in rules:
        if rule.when is None:
            return rule, True
        try:
            answer = apply(rule.when, args)
            if is_true(answer):
                return rule, True
        except BaseException as error:
            _reraise(error)
            return None, False
    return None, True


def _view(reply: RuleReply) -> Data:
    """`r` of the language's §4, as the functions of a profile see it."""
    return Object({"text": reply.text, "data": reply.data, "isError": reply.is_error})


def _ask(function: Function, args: Sequence[Any], package: str) -> Any:
    """The value of a function on known values."""
    try:
        return apply(function, *args)
    except BaseException as error:
        _reraise(error)
        raise unreadable(f"The profile {package} could not read it: {to_error_data(error)['message']}") from error


def _holds(function: Function, *args: Any) -> bool:
    """Whether a predicate holds; one that fails, or that cannot be told, proves nothing."""
    try:
        return is_true(apply(function, *args))
    except BaseException as error:
        _reraise(error)
        return False


def _result(function: Function, args: Any, package: str) -> Callable[[RuleReply], Data]:
    def result(reply: RuleReply) -> Data:
        value = _ask(function, (_view(reply), args), package)
        if value is undefined:
            raise unreadable(f"The profile {package} found nothing in it.")
        return value

    return result


def _failed(function: Function, args: Any, package: str) -> Callable[[RuleReply], bool]:
    return lambda reply: is_true(_ask(function, (_view(reply), args), package))


def _holding(function: Function, args: Any) -> Callable[[RuleReply], bool]:
    return lambda reply: _holds(function, _view(reply), args)


def _reraise(error: BaseException) -> None:
    """What ends the process or the task is no answer of a profile; everything else is, whatever its kind."""
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | asyncio.CancelledError) and not isinstance(
        error, OffstageError
    ):
        raise error
