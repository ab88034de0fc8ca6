/**
 * Every code that an {@link OffstageError} can carry, with what it means. The code is API: callers switch on it,
 * `docs/errors.md` lists it, and a test provokes it. The message is for people and may change.
 */
export const ERROR_CODES = {
  // What a workflow's author meets while a run goes on.
  FAILED: "the workflow called fail()",
  TYPE_ERROR: "a value was used in a way its type does not allow",
  CAPTURE_NOT_FOUND: "capture() found nothing in the text",
  TOOL_FAILED: "a tool answered with an error that proves nothing happened",
  TOOL_ERROR: "a writing tool answered with an error that does not prove that nothing happened",
  READ_FAILED: "a reading tool answered with an error",
  RESULT_UNREADABLE: "a write happened, but its result could not be understood",
  PAGES_TRUNCATED: "there were more pages than the call allows",
  DUPLICATE_KEY: "two different items of an each() have the same key",
  UNSAFE_INTEGER: "an integer beyond 2^53-1 was used",
  STATE_CONFLICT: "another run changed the state that this run read",
  JOURNAL_MISMATCH: "a resumed run asked for something else than it did before",
  LIMIT_FUEL: "too many steps between two calls",
  LIMIT_DEPTH: "values or calls nested too deeply",
  LIMIT_SIZE: "a value grew too large",
  LIMIT_WRITES: "the run reached limits.writes",
  LIMIT_CALLS: "the run reached limits.calls",
  LIMIT_DURATION: "the run reached limits.duration",
  CANCELLED: "the run was cancelled",
  NOT_YET: "this part of Offstage is not built yet",
  // Records and effects.
  AMBIGUOUS_RECORD: "find() found more than one target for an identity",
  NOT_CONVERGING: "an update was made and the target still differs",
  EFFECT_AMBIGUOUS: "it cannot be known whether a write happened",
  EFFECT_REFUSED: "the policy denies this write",
  TARGET_CHANGED: "the server now speaks to another account or site",
  TOOL_CHANGED: "a tool differs from the one that was locked",
  NOT_LOCKED: "a server or tool is not in offstage.lock",
  // Plans.
  PLAN_VOID: "the program, lock, profile, policy or target changed since the plan",
  PLAN_EXPIRED: "the plan is older than its maxAge",
  PLAN_UNKNOWN: "the store has no such plan",
  PLAN_APPLIED: "the plan was applied already",
  // Servers.
  SERVER_START: "an MCP server could not be started",
  SERVER_GARBAGE: "an MCP server wrote something that is not the protocol",
  SERVER_EXITED: "an MCP server ended while it was needed",
  SERVER_TIMEOUT: "an MCP server did not answer in time",
  SERVER_PROTOCOL: "an MCP server answered with a protocol error",
  SERVER_UNKNOWN: "mcp.json has no MCP server of that name",
  TOOL_UNKNOWN: "an MCP server has no such tool",
  DEADLINE_PASSED: "a call was not sent, because its deadline passed while it waited",
  // Project, config, secrets.
  PROJECT_NOT_FOUND: "there is no project here",
  CONFIG_INVALID: "mcp.json or offstage.yaml is not valid",
  LOCK_INVALID: "offstage.lock or offstage.learnt.json is not valid",
  SECRET_MISSING: "a secret that is referred to does not exist",
  SECRET_TOO_SHORT: "a secret is too short to be kept out of texts",
  WORKFLOW_NOT_FOUND: "the project has no such workflow",
  WORKFLOW_INVALID: "the workflow does not check",
  USAGE: "the command was not understood",
  // Store.
  STORE_LOCKED: "another process holds the store",
  STORE_NEWER: "the store was made by a newer version",
  STORE_CORRUPT: "the store's file is damaged",
  STORE_FULL: "the disk is full",
  STORE_UNAVAILABLE: "the store could not be opened or written",
  LEASE_LOST: "another process took the store over",
  RUN_UNKNOWN: "the store has no such run",
  EFFECT_UNKNOWN: "the store has no such effect",
  REQUEST_UNKNOWN: "the store has no such approval request",
  VALUE_TOO_DEEP: "JSON nested too deeply to be handled",
  VALUE_INVALID: "a value that JSON cannot carry",
  BUG: "a mistake of ours",
} as const satisfies Record<string, string>;

/** One of the stable codes of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
