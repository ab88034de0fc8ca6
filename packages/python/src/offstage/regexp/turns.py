"""Where ECMAScript and RE2 disagree about the turns of a repetition."""

from __future__ import annotations

from offstage.regexp.nodes import Assertion, Chars, Choice, Group, Node, RegexFault, Repeat, Sequence


def refuse_strange_turns(node: Node) -> None:
    """In ECMAScript each turn forgets what its groups captured, and a turn past the least number that matches nothing is undone. Where that could be seen the pattern is refused."""
    if isinstance(node, Repeat):
        if (node.most is None or node.most > node.least) and _may_be_empty(node.body):
            if _has_capture(node.body):
                raise RegexFault(
                    "a group inside a repetition whose turn may match nothing: repeat a (?:…) and capture around it"
                )
            if _may_prefer_nothing(node.body):
                raise RegexFault(
                    "a repetition whose turn may rather match nothing: leave the inner ? or the empty option out"
                )
        if (
            (node.most is None or node.most > 1)
            and _has_capture(node.body)
            and (_may_be_empty(node.body) or _may_leave_out(node.body))
        ):
            raise RegexFault("a group that a repetition may leave out: repeat a (?:…) and capture around it")
    for child in _children(node):
        refuse_strange_turns(child)


def _may_prefer_nothing(node: Node) -> bool:
    if isinstance(node, Repeat) and node.lazy and (node.most is None or node.most > node.least):
        return True
    if isinstance(node, Choice) and any(_may_be_empty(option) for option in node.options[:-1]):
        return True
    return any(_may_prefer_nothing(child) for child in _children(node))


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Sequence(parts):
            return parts
        case Choice(options):
            return options
        case Group(body=body) | Repeat(body=body):
            return (body,)
        case Chars() | Assertion():
            return ()


def _has_capture(node: Node) -> bool:
    return (isinstance(node, Group) and node.capture is not None) or any(map(_has_capture, _children(node)))


def _may_leave_out(node: Node) -> bool:
    if isinstance(node, Choice) and any(map(_has_capture, node.options)):
        return True
    if isinstance(node, Repeat) and node.least == 0 and _has_capture(node.body):
        return True
    return any(map(_may_leave_out, _children(node)))


def _may_be_empty(node: Node) -> bool:
    match node:
        case Chars():
            return False
        case Assertion():
            return True
        case Sequence(parts):
            return all(map(_may_be_empty, parts))
        case Choice(options):
            return any(map(_may_be_empty, options))
        case Group(body=body):
            return _may_be_empty(body)
        case Repeat(least=least, body=body):
            return least == 0 or _may_be_empty(body)
