import type { JsonSchemaValidator, jsonSchemaValidator, StandardSchemaV1 } from "@modelcontextprotocol/client";

/** Lets a result through as it came: the SDK's own schemas refuse content kinds they do not know, and drop fields. */
export const RAW_RESULT: StandardSchemaV1<unknown, unknown> = {
  "~standard": { version: 1, vendor: "offstage", validate: (value) => ({ value }) },
};

/**
 * The SDK would throw away a result that breaks its `outputSchema`, although what it reports has happened. We let it
 * through; whether it can be used is decided where it is used.
 */
export const ANY_STRUCTURE: jsonSchemaValidator = {
  getValidator:
    <T>(): JsonSchemaValidator<T> =>
    (input) => ({ valid: true, data: input as T, errorMessage: undefined }),
};

/** The SDK's timers must never fire, ours do: the longest delay that `setTimeout` takes, in ms. */
export const NO_TIMEOUT = 2_147_483_647;
