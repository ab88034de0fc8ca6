import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { OffstageError, type Redactor, shorten } from "offstage/base";
import { maskCredentials } from "./credentials.ts";
import { endMarked } from "./end-marked.ts";
import type { SecretPlaces } from "./secret-sources.ts";

/** Runs the program of an `${exec:…}` and gives what it printed; `place` is for messages. */
export type RunForSecret = (argv: readonly string[], place: string) => string;

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024;
/** By this variable its children are known, should they have to be ended after it. */
const MARK = "OFFSTAGE_EXEC";
/** UTF-16 units of what it complained that are told. */
const COMPLAINT = 200;

/**
 * Runs each program once, however many references name it, in the project's folder and with our own environment. Without a shell,
 * and without a terminal to ask at. What takes too long is ended, with its children. A failure is remembered too: nobody waits for it twice. Errors of a run: `SECRET_MISSING`.
 */
export function createRunForSecret(places: SecretPlaces, redactor: Redactor, timeoutMs = TIMEOUT_MS): RunForSecret {
  const known = new Map<string, { readonly text: string } | { readonly why: string }>();
  return (argv, place) => {
    const key = JSON.stringify(argv);
    const found = known.get(key) ?? outputOf(argv, places, redactor, timeoutMs);
    known.set(key, found);
    if ("text" in found) return found.text;
    throw new OffstageError("SECRET_MISSING", `${place}: ${shownProgram(argv)} gave no secret: ${found.why}`, { hint: "Run it by hand, in the project's folder and without a terminal: it has to print the secret and nothing else." });
  };
}

/** What people call the program; its arguments may be long. */
export function shownProgram(argv: readonly string[]): string {
  return basename(argv[0] ?? "");
}

function outputOf(argv: readonly string[], places: SecretPlaces, redactor: Redactor, timeoutMs: number): { readonly text: string } | { readonly why: string } {
  const [command = "", ...args] = argv;
  const mark = randomUUID();
  // Not in a group of its own: Ctrl-C has to reach it, for nothing else here can be interrupted meanwhile.
  const end = spawnSync(command, args, { cwd: places.folder, env: { ...places.env, [MARK]: mark }, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: MAX_BYTES, windowsHide: true });
  const code = (end.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ETIMEDOUT" || code === "ENOBUFS") endMarked(`${MARK}=${mark}`);
  if (code === "ETIMEDOUT") return { why: `it did not end within ${timeoutMs / 1000} s.` };
  if (code === "ENOBUFS") return { why: `it printed more than ${MAX_BYTES} bytes.` };
  if (end.error !== undefined) return { why: code === "ENOENT" ? "there is no such program." : `${end.error.message}.` };
  if (end.status !== 0) return { why: `it ended with ${end.signal ?? `exit code ${end.status}`}.${complaint(end.stderr, redactor)}` };
  const text = end.stdout.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  // The second stands where there were bytes that are none of UTF-8.
  if (/[\0\uFFFD]/.test(text)) return { why: "what it printed is no text in UTF-8." };
  return text.trim() === "" ? { why: "it printed nothing." } : { text };
}

/** What it says is for people, and may quote what nobody may see. */
function complaint(stderr: string, redactor: Redactor): string {
  const line = stderr.trim().split("\n")[0]?.trim() ?? "";
  return line === "" ? "" : ` It says: ${shorten(maskCredentials(redactor.redact(line)).shown, COMPLAINT)}`;
}
