import { createAuthorizer } from "./auth/authorizer.ts";
import { createMemoryTokenStore } from "./auth/token-store.ts";
import type { ConnectionContext } from "./connection.ts";
import { createMember, type Member } from "./pool-member.ts";
import type { ClosePatience } from "./process-group.ts";
import { DECLINE_ALL } from "./requests/request-policy.ts";
import type { ServerPoolOptions } from "./pool-options.ts";
import type { ServerConfig } from "./server-config.ts";

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const PATIENCE: ClosePatience = { afterInputClosedMs: 500, afterTermMs: 2_000 };

/** A member of a pool, with what it is connected by. */
export function openMember(config: ServerConfig, options: ServerPoolOptions, closing: AbortSignal): Member {
  return createMember(config, contextOf(config, options), closing);
}

function contextOf(config: ServerConfig, options: ServerPoolOptions): ConnectionContext {
  return {
    clock: options.clock,
    redactor: options.redactor,
    authorizer: config.kind === "http" ? createAuthorizer(config, { ...options, tokens: options.tokens ?? createMemoryTokenStore(), log: (line) => options.onStderr(config.name, line) }) : null,
    redact: (text) => options.redactor.redact(text),
    log: (line) => options.onStderr(config.name, line),
    inheritedEnv: options.inheritedEnv,
    clientVersion: options.clientVersion,
    connectTimeoutMs: options.connectTimeoutMs,
    requests: options.requests?.(config.name) ?? DECLINE_ALL,
    maxLineBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
    patience: options.patience ?? PATIENCE,
  };
}
