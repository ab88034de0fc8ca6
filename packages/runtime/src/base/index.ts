export { type Clock } from "./clock.ts";
export { type Diagnostic } from "./diagnostic.ts";
export { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
export { type ErrorData, type ErrorDetails, isOffstageError, OffstageError, toErrorData } from "./errors.ts";
export { type Data, type Json, type JsonObject, UnsafeInteger } from "./json.ts";
