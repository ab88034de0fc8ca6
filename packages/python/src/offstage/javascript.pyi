"""What printed code takes from `offstage.javascript`, as a type checker sees it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeGuard, TypeVar

from typing_extensions import TypeIs

from offstage.base import Map as Map
from offstage.base import Set as Set
from offstage.base import Undefined as Undefined
from offstage.base import undefined as undefined
from offstage.values import absolute as absolute
from offstage.values import add as add
from offstage.values import add_of as add_of
from offstage.values import array_from as array_from
from offstage.values import at as at
from offstage.values import at_least as at_least
from offstage.values import at_most as at_most
from offstage.values import ceil as ceil
from offstage.values import coalesce as coalesce
from offstage.values import concat as concat
from offstage.values import delete as delete
from offstage.values import divide as divide
from offstage.values import encode_uri_component as encode_uri_component
from offstage.values import ends_with as ends_with
from offstage.values import entries_of as entries_of
from offstage.values import flat as flat
from offstage.values import floor as floor
from offstage.values import from_entries as from_entries
from offstage.values import get as get
from offstage.values import get_of as get_of
from offstage.values import greater as greater
from offstage.values import has as has
from offstage.values import includes as includes
from offstage.values import index_of as index_of
from offstage.values import is_array as is_array
from offstage.values import item as item
from offstage.values import items_of as items_of
from offstage.values import iterate as iterate
from offstage.values import join as join
from offstage.values import keys_of as keys_of
from offstage.values import length as length
from offstage.values import less as less
from offstage.values import lower as lower
from offstage.values import match as match
from offstage.values import match_all as match_all
from offstage.values import maximum as maximum
from offstage.values import maybe as maybe
from offstage.values import maybe_get as maybe_get
from offstage.values import minimum as minimum
from offstage.values import multiply as multiply
from offstage.values import negative as negative
from offstage.values import new_map as new_map
from offstage.values import new_set as new_set
from offstage.values import num as num
from offstage.values import number as number
from offstage.values import number_of as number_of
from offstage.values import object_entries as object_entries
from offstage.values import object_keys as object_keys
from offstage.values import object_values as object_values
from offstage.values import or_else as or_else
from offstage.values import pad_end as pad_end
from offstage.values import pad_start as pad_start
from offstage.values import parse_json as parse_json
from offstage.values import push as push
from offstage.values import regexp as regexp
from offstage.values import remainder as remainder
from offstage.values import repeat as repeat
from offstage.values import replace as replace
from offstage.values import replace_all as replace_all
from offstage.values import round_half_up as round_half_up
from offstage.values import same as same
from offstage.values import set_of as set_of
from offstage.values import slice_of as slice_of
from offstage.values import sorted_by as sorted_by
from offstage.values import sorted_by_number as sorted_by_number
from offstage.values import split as split
from offstage.values import starts_with as starts_with
from offstage.values import subtract as subtract
from offstage.values import sum_of as sum_of
from offstage.values import test as test
from offstage.values import text as text
from offstage.values import to_json as to_json
from offstage.values import to_reversed as to_reversed
from offstage.values import to_text as to_text
from offstage.values import trim as trim
from offstage.values import trim_end as trim_end
from offstage.values import trim_start as trim_start
from offstage.values import unpack as unpack
from offstage.values import upper as upper
from offstage.values import values_of as values_of
from offstage.values import without as without

T = TypeVar("T")
U = TypeVar("U")

# What is asked of a value tells what it is then, and what is spread keeps its members.

def absent(value: object) -> TypeIs[Undefined | None]: ...
def truthy(value: T | Undefined | None) -> TypeGuard[T]: ...
def spread(value: T | Undefined | None) -> T: ...

# Values that take functions: what these are given is told, so that what they are is. Each takes as many of its arguments as it likes.

_Test = (
    Callable[[T], object] | Callable[[T, int], object] | Callable[[T, int, Sequence[T]], object] | Callable[[], object]
)
_Make = Callable[[T], U] | Callable[[T, int], U] | Callable[[T, int, Sequence[T]], U] | Callable[[], U]

def find(self: Sequence[T], function: _Test[T]) -> T | Undefined: ...
def find_last(self: Sequence[T], function: _Test[T]) -> T | Undefined: ...
def find_index(self: Sequence[T], function: _Test[T]) -> int: ...
def some(self: Sequence[T], function: _Test[T]) -> bool: ...
def all_of(self: Sequence[T], function: _Test[T]) -> bool: ...
def filter_list(self: Sequence[T], function: _Test[T]) -> list[T]: ...
def map_list(self: Sequence[T], function: _Make[T, U]) -> list[U]: ...
def flat_map(self: Sequence[T], function: _Make[T, Any]) -> list[Any]: ...
def reduce(
    self: Sequence[T],
    function: Callable[[Any, T], Any]
    | Callable[[Any, T, int], Any]
    | Callable[[Any, T, int, Sequence[T]], Any]
    | Callable[[Any], Any],
    *first: Any,
) -> Any: ...
def to_sorted(
    self: Sequence[T], comparator: Callable[[T, T], float] | Callable[[T], float] | Callable[[], float]
) -> list[T]: ...
