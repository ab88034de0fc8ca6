"""Regular expressions in linear time, with ECMAScript's meaning."""

from offstage.regexp.nodes import RegexFault
from offstage.regexp.program import text_of, units_of
from offstage.regexp.regexp import RegexMatch, Regexp

__all__ = ["RegexFault", "RegexMatch", "Regexp", "text_of", "units_of"]
