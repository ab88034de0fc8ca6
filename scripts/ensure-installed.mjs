// Makes one command enough on a fresh clone: `npm test` and `npm run demo` call this first. It runs on Node 20, which may be
// all there is, so it is plain JavaScript and imports nothing that has to be installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest Node that strips types and hooks module resolution as we need it. */
const NEEDED = [22, 18];

/**
 * A hash over all that decides what gets installed. It is kept inside node_modules, so that deleting that folder forgets it.
 * @param {string} root
 */
function fingerprint(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = ["package.json", "package-lock.json", ...(manifest.workspaces ?? []).map((/** @type {string} */ folder) => `${folder}/package.json`)];
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of files) {
    const path = join(root, file);
    hash.update(`${file}\n`).update(existsSync(path) ? readFileSync(path) : "absent").update("\n");
  }
  return hash.digest("hex");
}

/**
 * Runs `npm install` with the npm that runs us, or the one on the path. Without install scripts: none is needed (better-sqlite3 brings its binaries), and what npm makes of
 * better-sqlite3's `gypfile: false`, which it loses in the lock, wants Python, a compiler and Node's headers.
 * @param {string} root
 */
function install(root) {
  const cli = process.env["npm_execpath"];
  const args = ["install", "--ignore-scripts", "--loglevel=error"];
  /** @type {import("node:child_process").SpawnSyncOptions} */
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const result =
    cli !== undefined && /\.[cm]?js$/.test(cli)
      ? spawnSync(process.execPath, [cli, ...args], options)
      : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (result.error !== undefined) return `npm could not be started: ${result.error.message}`;
  return result.status === 0 ? null : `npm install ended with ${result.status ?? result.signal}`;
}

/**
 * Everything after this runs with the first `node` of node_modules/.bin, or with the one on the path.
 * @param {string} root
 */
function nodeVersion(root) {
  const own = join(root, "node_modules", ".bin", "node");
  const found = spawnSync(existsSync(own) ? own : "node", ["--version"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : process.version;
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED;
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/** @param {string} root @returns {number} the exit code */
function ensureInstalled(root) {
  const stamp = join(root, "node_modules", ".installed");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== fingerprint(root)) {
    process.stderr.write("Installing what is missing (npm install) …\n");
    rmSync(stamp, { force: true });
    const problem = install(root);
    if (problem !== null) {
      process.stderr.write(`${problem}.\nCheck the network and the disk, then run the same command again.\n`);
      return 1;
    }
    // Taken afterwards: npm may have completed the lock.
    writeFileSync(stamp, fingerprint(root));
  }
  const version = nodeVersion(root);
  if (isNewEnough(version)) return 0;
  process.stderr.write(`Offstage needs Node ${NEEDED.join(".")} or later; this is ${version}.\nInstall a newer Node (https://nodejs.org), then run the same command again.\n`);
  return 2;
}

process.exitCode = ensureInstalled(resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..")));
