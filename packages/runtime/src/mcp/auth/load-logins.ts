import type * as Logins from "./logins.ts";

// OAuth takes most of the SDK, and most commands log nobody in: it is loaded when it is asked for.

/** See `logins.ts`. */
export const logInTo: typeof Logins.logInTo = async (...asked) => (await import("./logins.ts")).logInTo(...asked);

/** See `logins.ts`. */
export const forgetLogins: typeof Logins.forgetLogins = async (...asked) => (await import("./logins.ts")).forgetLogins(...asked);

/** See `logins.ts`. */
export const loginOf: typeof Logins.loginOf = async (...asked) => (await import("./logins.ts")).loginOf(...asked);
