export { createNativeExecutor, type NativeExecutor, type NativeExecutorOptions } from "./native-executor.ts";
export type { ImportModule } from "./load-module.ts";
export { createOwnCode, type OwnCodeCall, type OwnCodeOptions } from "./own-code.ts";
