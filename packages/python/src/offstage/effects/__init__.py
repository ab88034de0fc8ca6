"""The one path of writes: intend, send, outcome; what people permit; what the store knows of identities."""

from offstage.effects.approval_requests import RequestAnswer, answer_requests, refuse_others, why_others
from offstage.effects.create_effects import Effects, create_effects
from offstage.effects.ports import CallAnswer, Caller, EffectEvent, EffectsOptions, EffectsRun, StartedRun
from offstage.effects.resolve_effect import Verdict, resolve_effect
from offstage.effects.turns import Turns

__all__ = [
    "CallAnswer",
    "Caller",
    "EffectEvent",
    "Effects",
    "EffectsOptions",
    "EffectsRun",
    "RequestAnswer",
    "StartedRun",
    "Turns",
    "Verdict",
    "answer_requests",
    "create_effects",
    "refuse_others",
    "resolve_effect",
    "why_others",
]
