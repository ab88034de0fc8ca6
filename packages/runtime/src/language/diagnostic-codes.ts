/**
 * Every code of our own that a diagnostic about a workflow or a profile can carry, with what it means. TypeScript's own
 * faults are `TS` and their number. Codes are API: they are never renamed, and a test provokes each.
 */
export const DIAGNOSTIC_CODES = {
  // The text itself.
  SOURCE_TOO_LARGE: "the module is larger than 1 MiB",
  SOURCE_TOO_DEEP: "the module nests too deeply to be read",
  SOURCE_NOT_TEXT: "the module contains characters that no text file has",
  TOO_MANY_FAULTS: "only the first faults are shown",
  // The module.
  IMPORT_NOT_ALLOWED: "a workflow imports from `offstage` and `#servers` only",
  TOP_LEVEL_NOT_ALLOWED: "something other than constants, types and the default export stands at the top of the module",
  TOP_LEVEL_STEP: "a call that needs a run stands outside the workflow's body",
  EXPORT_MISSING: "the module does not export what it should",
  EXPORT_NOT_ALLOWED: "the module exports something else than its workflow or profile",
  // Types.
  TYPE_NOT_ALLOWED: "a TypeScript construct that does not erase",
  TYPE_PROGRAM: "a type that computes: the checker is bounded in time",
  // Statements.
  LOOP_NOT_ALLOWED: "a loop other than `for…of`",
  SWITCH_NOT_ALLOWED: "`switch`",
  FINALLY_NOT_ALLOWED: "`finally`",
  LABEL_NOT_ALLOWED: "a label, or a jump to one",
  VAR_NOT_ALLOWED: "`var` or `using`",
  FUNCTION_NOT_ALLOWED: "a function that is not an arrow",
  CLASS_NOT_ALLOWED: "a class",
  THROW_NOT_FAIL: "`throw` of something else than `fail(…)` or a caught error",
  STATEMENT_NOT_ALLOWED: "a statement outside the subset",
  RECURSION: "a helper that calls itself, perhaps through others",
  // Expressions.
  LOOSE_EQUALITY: "`==` or `!=`",
  OPERATOR_NOT_ALLOWED: "an operator outside the subset",
  EXPRESSION_NOT_ALLOWED: "an expression outside the subset",
  THIS_NOT_ALLOWED: "`this` or `super`",
  NEW_NOT_ALLOWED: "`new` of something else than Map and Set",
  GLOBAL_NOT_ALLOWED: "a global outside the subset",
  METHOD_NOT_ALLOWED: "a method outside the subset",
  PROPERTY_NOT_ALLOWED: "a property that is not data",
  ARGUMENTS_NOT_ALLOWED: "arguments that this method or function does not take here",
  FORBIDDEN_NAME: "`__proto__`, `constructor` or `prototype`",
  DYNAMIC_KEY: "a property chosen while running",
  CONDITION_NOT_BOOLEAN: "a number or a function as a condition",
  MIXED_OPERANDS: "an operator between two different kinds of values",
  TEXT_OF_OBJECT: "an object, null or undefined made into text",
  NUMBER_UNSAFE: "a number literal that JavaScript cannot hold exactly",
  TEXT_SURROGATE: "text with half of a surrogate pair",
  SPREAD_NOT_ALLOWED: "a spread of something that cannot be spread here",
  ITERATOR_AS_VALUE: "an iterator kept or passed on",
  FUNCTION_AS_VALUE: "a function used as a value",
  VOCABULARY_AS_VALUE: "a name of `offstage`, a server, a record or a state used as a value",
  USE_BEFORE_DECLARATION: "a name used before its declaration has run",
  ASSIGNMENT_TARGET: "an assignment to something else than a local",
  OUTER_MUTATION: "a callback or helper changes a local of the function around it",
  SHARED_MUTATION: "a change of a list, map or set that this function did not make",
  // Promises.
  FLOATING_PROMISE: "a call that nobody awaits",
  PROMISE_AS_VALUE: "a promise used as a value",
  ASYNC_CALLBACK: "an async function where a plain one is called",
  RETURN_WITHOUT_AWAIT: "a call returned from inside `try` without `await`",
  // Regular expressions.
  REGEXP_NOT_LINEAR: "look-around, a back-reference, or another pattern that RE2 cannot run",
  REGEXP_FLAG: "a regular expression flag other than g, i, m, s",
  // Vocabulary.
  NOT_YET: "a part of the language that is not built yet",
  NOT_STATIC: "something that must be readable without running the module",
  MISPLACED: "a declaration that belongs to the top of the module",
  OPTION_UNKNOWN: "an option that does not exist",
  OPTION_MISSING: "an option that is required",
  NAME_INVALID: "a name that cannot be used",
  NAME_DUPLICATE: "a record, state or once that exists already",
  DURATION_INVALID: "text that is no duration",
  CRON_INVALID: "text that is no cron line of five fields",
  TIMEZONE_INVALID: "a missing or unknown time zone",
  LIMIT_INVALID: "a limit that is no whole number, or no duration",
  INPUT_UNTYPED: "an input default that does not say its type",
  // Servers and their tools.
  SERVERS_NOT_LOCKED: "an import from `#servers` while nothing is locked",
  UNLEARNT: "a use of a result whose shape nobody has seen",
  PAGES_MAX: "all pages of a tool whose profile names no maximum",
  QUERY_UNQUOTED: "a value spliced into a query without quoting",
  // Effects.
  WRITE_WITHOUT_IDENTITY: "a write that each run would repeat",
  WRITE_IN_READ: "a write where only reads belong",
  ONE_WRITE: "a function that must make exactly one write and may make none or more",
  EACH_REQUIRED: "a write inside `for…of`",
  LIMITS_MISSING: "a loop of writes in a workflow without `limits.writes`",
  STATE_IN_PARALLEL: "a state used inside a parallel body",
  ONCE_KEY_CONSTANT: "a `once` in a loop whose key is the same each time",
  IDENTITY_UNKNOWN: "an identity that depends on the result of a write",
} as const satisfies Record<string, string>;

/** One of our own stable codes: {@link DIAGNOSTIC_CODES}. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
