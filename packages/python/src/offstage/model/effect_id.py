"""The ledger's primary key."""

from offstage.base import hash_json

from .identity import EffectId, EffectIdentity


def effect_id(identity: EffectIdentity) -> EffectId:
    """SHA-256 (hex) of the identity's canonical JSON: equal identities have equal ids in every implementation.

    `VALUE_INVALID` when a key holds half of a surrogate pair: two such keys would be one in a store.
    """
    return hash_json(identity)
