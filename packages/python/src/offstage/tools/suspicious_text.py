"""What is odd about a text that a server gives to models and people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offstage.base import utf16_length

from .utf16_slice import utf16_slice
from .visible_text import SPACE, visible_line, visible_text


@dataclass(frozen=True)
class Suspicion:
    """`hidden`, `lookalike`, `instruction`, `secret-file`, `encoded`, `padding`, as in TypeScript. `found`: on one line, escaped, with a little around it."""

    kind: str
    found: str


# Whom a hidden deed is kept from.
_PEOPLE = r"(?:the\s+)?(?:user|human|person|operator|customer|owner|admin|developer|anyone|anybody|them)s?"
# Where keys, tokens and the configs of clients lie.
_SECRET_PLACE = r"""["'`]?(?:(?:~|\$HOME|%USERPROFILE%|/root|/home/\w{1,32})[/\\]\.(?:ssh|aws|gnupg|kube|docker|config|cursor|claude|npmrc|netrc|pypirc|env|git-credentials|bash_history|zsh_history)\b|/etc/(?:passwd|shadow|sudoers)\b|\.aws/credentials|\.cursor/mcp\.json|claude_desktop_config\.json|internal://credentials)"""
_LETTER = r"[^\W\d_]"
_LATIN = "A-Za-zªºÀ-ÖØ-öø-ʸˠ-ˤᴀ-ᴥᴬ-ᵜᵢ-ᵥᵫ-ᵷᵹ-ᶾḀ-ỿⁱⁿₐ-ₜ\u212a\u212bℲⅎⱠ-ⱿꜢ-ꞇꞋ-ꟿꬰ-ꭚꭜ-ꭤﬀ-ﬆＡ-Ｚａ-ｚ"
_CYRILLIC = "\u0400-\u0484\u0487-\u052f\u1c80-\u1c88\u1d2b\u1d78\u2de0-\u2dff\ua640-\ua69f\ufe2e\ufe2f"


def _ascii(pattern: str) -> re.Pattern[str]:
    """As ECMAScript means it without the flag `u`: words and cases are those of ASCII, white space is not."""
    wide = pattern.replace(r"[^\S\n]", f"[{SPACE.replace(chr(10), '')}]").replace(r"\s", f"[{SPACE}]")
    return re.compile(wide, re.ASCII | re.IGNORECASE)


# Patterns are of bounded width, so that a hostile text costs no more than its length.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "hidden",
        re.compile(
            "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e01ef]"
        ),
    ),
    # Selectors and joiners belong to emoji; in a row, or between letters, they carry something.
    ("hidden", re.compile("[\ufe00-\ufe0f]{2}|[A-Za-z]\u200d|\u200d{2}")),
    (
        "lookalike",
        re.compile(rf"(?={_LETTER}{{0,40}}[{_LATIN}])(?={_LETTER}{{0,40}}[{_CYRILLIC}]){_LETTER}{{3,40}}"),
    ),
    *(
        ("instruction", _ascii(pattern))
        for pattern in (
            r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,4}?(?:previous|prior|above|earlier|preceding|all|any|other|existing|original|system|your|safety)\s+(?:\w+\s+){0,3}?(?:instruction|prompt|rule|direction|guideline|command|policy|policies|restriction|constraint|training)s?\b",
            rf"\b(?:do\s+not|don['’]?t|never|must\s+not|should\s+not|avoid|without)\s+(?:\w+\s+){{0,3}}?(?:tell|telling|mention|mentioning|inform|informing|reveal|revealing|disclose|disclosing|notify|notifying|alert|alerting|warn|warning|show|showing|explain|explaining|say)\b[^.\n]{{0,80}}?\b(?:to\s+)?{_PEOPLE}\b",
            rf"\b(?:hide|conceal|keep)\b[^.\n]{{0,40}}\b(?:secret\s+from|hidden\s+from|from)\s+{_PEOPLE}\b",
            rf"{_PEOPLE}\s+(?:must|should|may|does|can|will)\s+(?:not|never)\s+(?:know|see|notice|be\s+(?:told|aware|informed))\b",
            r"</?\s*(?:important|system|secret|hidden|critical|urgent|instructions?|admin|override|assistant|prompt|sys|inst|user_query)\b[^>\n]{0,40}>|\[/?(?:system|inst|important|admin|hidden)\]|<\|(?:im_start|im_end|system|endoftext)\|?>|<!--",
            r"\byou\s+are\s+(?:now|no\s+longer)\s+(?:a|an|in|the|bound|restricted)\b|\bnew\s+(?:system\s+)?instructions?\s*:|\b(?:developer|god|dan|jailbreak)\s+mode\b",
            r"\b(?:reveal|print|output|repeat|send|include|pass|append|forward|provide|attach|copy)\b[^.\n]{0,60}\b(?:system\s+prompt|(?:chat|conversation|message)\s+history|previous\s+(?:messages|tool\s+(?:calls|outputs|results))|(?:entire|full|whole|complete)\s+(?:chat|conversation|context))\b",
            r"\b(?:before|prior\s+to|when(?:ever)?|every\s+time|each\s+time)\s+(?:\w+\s+){0,3}?(?:using|calling|invoking|running|executing|use|call)\s+(?:this|any|other|another|all|every)\s+(?:other\s+)?tools?\b[^.\n]{0,80}\b(?:read|access|send|pass|open|include|check)\b[^.\n]{0,60}(?:~|/|['\"`]|\bfile|\bresource|\bcredential)",
            r"\b(?:always|must|only)\s+(?:use|call|prefer|choose|select)\s+this\s+tool\s+(?:instead|over|rather|before|first)\b|\binstead\s+of\s+(?:any|all|every)\s+other\s+tools?\b",
            r"\b(?:all|any|every|each)\s+(?:\w+\s+)?(?:commands?|emails?|messages?|requests?)\s+(?:must|should|has\s+to|have\s+to)\s+be\s+(?:\w+\s+)?(?:prefixed|prepended|relayed|forwarded|routed|redirected|bcc'?d)\b",
            r"\b(?:read|pass|send|include|provide|put|append|copy|upload|forward|exfiltrate)\b[^.\n]{0,60}\b(?:its\s+contents?|the\s+contents?|contents?\s+of)\b[^.\n]{0,60}\b(?:as|in|into|to|via)\s+(?:the\s+)?['\"`]?(?:side_?note|note|context|metadata|feedback)\b",
            r"\b(?:otherwise|or\s+else|failure\s+to\s+do\s+so)\b[^.\n]{0,60}\b(?:tool|system|application)\b[^.\n]{0,30}\b(?:will\s+not\s+work|won['’]?t\s+work|will\s+(?:crash|break|lock)|be\s+(?:lost|deleted|shut))",
        )
    ),
    (
        "secret-file",
        _ascii(
            rf"(?:\A\s*|\b(?:read|open|access|cat|load|include|fetch|get|send|copy|upload|pass|print|return|contents?|files?|also)\b[^.\n]{{0,40}}){_SECRET_PLACE}"
        ),
    ),
    ("secret-file", _ascii(r"id_(?:rsa|ed25519|ecdsa|dsa)(?![a-z])")),
    # Its lookaheads see no difference of cases either: the flag is that of all of it.
    (
        "encoded",
        _ascii(
            r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{0,80}\d)(?=[A-Za-z0-9+/]{0,80}[a-z])(?=[A-Za-z0-9+/]{0,80}[A-Z])[A-Za-z0-9+/]{80,}={0,2}|(?:\\x[0-9a-f]{2}){12,}|(?:%[0-9a-f]{2}){12,}|\b[0-9a-f]{96,}\b"
        ),
    ),
    ("padding", _ascii(r"[^\S\n]{60}|(?:\n[^\S\n]{0,60}){12}")),
)
_AROUND = 30
# UTF-16 units that are looked at; longer texts are odd enough to be told as one.
_LONGEST_TEXT = 100_000
_LONG_SPACE = re.compile(f"[{SPACE}]{{8,}}")
_UNSEEN = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef\u115f\u1160\u2800\u3164\uffa0\u200d]")


def suspicions(text: str) -> list[Suspicion]:
    """Each kind at most once. A warning, no proof: an honest text may be flagged, and a clever one not. Bounded by the text's length."""
    length = utf16_length(text)
    looked = utf16_slice(text, 0, _LONGEST_TEXT)
    found: dict[str, Suspicion] = {}
    for kind, pattern in _RULES:
        match = None if kind in found else pattern.search(looked)
        if match is not None:
            found[kind] = Suspicion(kind, _excerpt(looked, match))
    if length > _LONGEST_TEXT and "padding" not in found:
        found["padding"] = Suspicion("padding", f"{length} characters")
    return [*found.values()]


def _excerpt(text: str, match: re.Match[str]) -> str:
    length, at = utf16_length(text), utf16_length(text[: match.start()])
    start = max(0, at - _AROUND)
    end = min(length, at + min(utf16_length(match[0]), 160) + _AROUND)
    shown = _LONG_SPACE.sub(lambda space: f" ({len(space[0])} × white space) ", utf16_slice(text, start, end))
    said = visible_line(_UNSEEN.sub(_first_unit, visible_text(shown)))
    return f"{'…' if start > 0 else ''}{said}{'…' if end < length else ''}"


def _first_unit(character: re.Match[str]) -> str:
    return f"\\u{int.from_bytes(character[0].encode('utf-16-be')[:2]):x}"
