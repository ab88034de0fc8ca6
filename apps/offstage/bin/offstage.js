#!/usr/bin/env node
// The entry of the command line. It has to run, and to say something useful, on a Node that is too old for everything else:
// plain JavaScript, no import of our own before the version is known, and `--version` answered before anything is loaded.
import { existsSync, readFileSync } from "node:fs";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";

/** The oldest Node that strips types and hooks module resolution as we need it. */
const NEEDED = [22, 18];

/** @param {string} path @returns {string} */
function beside(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** @param {string} version */
function isNewEnough(version) {
  const parts = version.replace(/^v/, "").split(".").map(Number);
  return Number(parts[0]) > Number(NEEDED[0]) || (parts[0] === NEEDED[0] && Number(parts[1]) >= Number(NEEDED[1]));
}

/** A clone has sources and no build; an installed package has a build, and Node strips no types below node_modules. */
function isClone() {
  return existsSync(beside("../src/main.ts")) && !/[\\/]node_modules[\\/]/.test(beside("."));
}

/** Goes on under the Node that the clone brings along. Signals are passed on, and the end of this process by SIGKILL, of which it hears nothing, too; the exit is the child's. @param {string} node */
async function runUnder(node) {
  const { spawn } = await import("node:child_process");
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  child.on("error", () => refuse());
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}

/** Whoever kills the process that was started means all of it: else a \`serve\` would go on that nobody sees, over a store that is being restored. */
function endWithStarter() {
  if (process.env["OFFSTAGE_REEXEC"] === undefined || process.channel === undefined) return;
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel.unref();
}

/** The command of the line: its first word that is neither an option nor the folder of the one global option that takes a value. */
function commandWord() {
  return process.argv.slice(2).find((word, at, words) => !word.startsWith("-") && words[at - 1] !== "--project");
}

function refuse() {
  process.stderr.write(`Offstage needs Node ${NEEDED.join(".")} or later; this is ${process.version}.\nInstall a newer Node (https://nodejs.org), then run the same command again.\n`);
  process.exitCode = 2;
}

async function start() {
  const serves = commandWord() === "serve";
  // "Take the edits" may come before serve hears it (a deployment that restarts a service and reloads it): all files are read after this, and SIGHUP would end the process, as if that had been asked for. That of a terminal that is closed is to end it.
  if (serves && !isatty(0)) process.on("SIGHUP", () => undefined);
  const { enableCompileCache, registerHooks } = await import("node:module");
  enableCompileCache();
  if (serves) {
    // Start-up makes much that is soon garbage. The young generation is not to grow for that, and stay so large for months; once it listens, serve lets it grow (young-generation.ts).
    const { setFlagsFromString } = await import("node:v8");
    setFlagsFromString("--semi-space-growth-factor=1");
  }
  if (isClone()) {
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier.startsWith("offstage") ? next(specifier, { ...context, conditions: [...context.conditions, "offstage-src"] }) : next(specifier, context),
    });
  }
  const { main } = await import(isClone() ? "../src/main.ts" : new URL("../dist/main.js", import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
}

const own = beside("../../../node_modules/.bin/node");
if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-V")) {
  process.stdout.write(`${JSON.parse(readFileSync(beside("../package.json"), "utf8")).version}\n`);
} else if (isNewEnough(process.versions.node)) {
  endWithStarter();
  await start();
} else if (isClone() && process.env["OFFSTAGE_REEXEC"] === undefined && existsSync(own)) {
  process.env["OFFSTAGE_REEXEC"] = "1";
  await runUnder(own);
} else {
  refuse();
}
