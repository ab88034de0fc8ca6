import { AsyncLocalStorage } from "node:async_hooks";
import type { OwnCodeCall } from "offstage/native";

/** Whose code is running, of what this process calls of its owner's own: what nobody catches of it is no fault of ours. Node knows it wherever that goes on. */
export const ownCodeScope = new AsyncLocalStorage<OwnCodeCall>();
