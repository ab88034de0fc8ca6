import type { LaunchRequest } from "./launch-messages.ts";
import type { ShownEntries } from "./shown-entries.ts";

/** Variables that shells, loaders and the sandbox itself follow: outside they would act before there is a sandbox. */
const INSIDE_ONLY = /^(?:PATH|TMPDIR|LD_.*|DYLD_.*|GLIBC_.*|GCONV_PATH|LOCPATH|BASH.*|ENV|SHELLOPTS|PS4|IFS|CDPATH|GLOBIGNORE|POSIXLY_CORRECT|NODE_.*|JAVA_TOOL_OPTIONS|SRT_.*|CLAUDE_.*)$/;
/** The sandbox has its own: what it lets through goes through its proxy. */
const PROXIES = /^(?:(?:https?|all|ftp|no|grpc)_proxy|rsync_proxy)$/i;

/** The variables of a server that its sandbox is started with. */
export function outsideEnv(env: LaunchRequest["env"]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !INSIDE_ONLY.test(name) && !PROXIES.test(name)));
}

/**
 * What a shell does inside: says so on descriptor 3, sets the rest of the variables, becomes the server. Of the proxy's exceptions
 * none is left, since nothing is reached around it, and Node is told to use it. In folders that are shown by their entries the links are made,
 * and no file is, since it would be lost: that is said to a server by its permissions, which it could change, and no wall.
 */
export function insideCommand(request: Pick<LaunchRequest, "command" | "args" | "env">, platform: NodeJS.Platform, shown: readonly ShownEntries[] = []): string {
  const inside = Object.entries(request.env).filter(([name]) => INSIDE_ONLY.test(name) && /^\w+$/.test(name));
  const variables = { NO_PROXY: "", no_proxy: "", NODE_USE_ENV_PROXY: "1", ...(platform === "linux" ? { TMPDIR: "/tmp" } : {}), ...Object.fromEntries(inside) };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const links = shown.flatMap((each) => each.links).map(({ path, target }) => `ln -s -- ${quoted(target)} ${quoted(path)}`);
  const folders = shown.flatMap((each) => each.folders).map(quoted);
  // One that shows nothing is not there yet.
  const made = [...folders.map((folder) => `mkdir -p ${folder}`), ...links, ...folders.map((folder) => `chmod a-w ${folder}`)];
  return [...made.map((line) => `${line} 2>/dev/null`), "printf ok >&3", "exec 3>&-", ...lines, `exec -- ${[request.command, ...request.args].map(quoted).join(" ")}`].join("\n");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
