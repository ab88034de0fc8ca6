import { basename } from "node:path";
import { isTestFile, knots, reach, roomOf, type SourceFile } from "./import-graph.ts";
import { BANNED_NAMES, entryOf, LIMITS, LOADED_LATE, PACKAGE_OWNERS, ROOMS, ROOMS_FOLDER, TESTING_ROOM } from "./rooms.ts";

/** Each rule turns the sources into complaints: `file: what is wrong (what to do)`. */
export type Rule = (files: readonly SourceFile[]) => readonly string[];

/** What may be imported in rooms that run in a browser, besides each other. */
const BROWSER_SAFE_PACKAGES = ["@noble/hashes", "ajv/dist/2020.js", "re2js", "typescript"];

function eachImport(files: readonly SourceFile[], complain: (file: SourceFile, specifier: string, target: string | null) => string | null): readonly string[] {
  return files.flatMap((file) => file.imports.flatMap(({ specifier, target }) => complain(file, specifier, target) ?? []).map((text) => `${file.path}: ${text}`));
}

/** Arrows go down, rooms of one level never meet, and only the arrows of the table exist. */
export const arrowsGoDown: Rule = (files) =>
  eachImport(files, (file, specifier, target) => {
    const from = roomOf(file.path);
    const to = target === null ? null : roomOf(target);
    if (from === null || to === null || from === to || isTestFile(file.path)) return null;
    const room = ROOMS[entryOf(from)];
    if (to === TESTING_ROOM) return `imports ${specifier}; only tests import ${TESTING_ROOM}/`;
    if (room === undefined) return `lies in the room ${from}, which scripts/house/rooms.ts does not know`;
    const other = ROOMS[entryOf(to)];
    if (other !== undefined && other.level < room.level && room.imports.includes(entryOf(to))) return null;
    return `imports ${specifier}; the room ${from} (level ${room.level}) may import only ${room.imports.join(", ") || "nothing"}`;
  });

/** A room's face is its index.ts; the rest is private to it, for tests of other rooms too. */
export const roomsByTheirIndex: Rule = (files) =>
  eachImport(files, (file, specifier, target) => {
    const from = roomOf(file.path);
    const to = target === null ? null : roomOf(target);
    if (to === null || from === to || target === `${ROOMS_FOLDER}/${to}/index.ts` || to === TESTING_ROOM || from === TESTING_ROOM) return null;
    if (target !== null && isTestFile(file.path) && target.endsWith(".suite.ts")) return null;
    return `imports ${specifier}; import the room ${to} through its index.ts`;
  });

/** A room without a face, or with `export *`, has no contract. */
export const indexesNameWhatTheyExport: Rule = (files) => {
  const rooms = new Set(files.flatMap((file) => roomOf(file.path) ?? []));
  rooms.delete(TESTING_ROOM);
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...rooms].flatMap((name) => {
    const index = byPath.get(`${ROOMS_FOLDER}/${name}/index.ts`);
    if (index === undefined) return [`${ROOMS_FOLDER}/${name}: has no index.ts`];
    return /^export \*/m.test(index.text) ? [`${index.path}: exports *; name what the room offers`] : [];
  });
};

/** Libraries that a facade hides. */
export const packagesHaveOwners: Rule = (files) =>
  eachImport(files, (file, specifier) => {
    const pack = Object.keys(PACKAGE_OWNERS).find((name) => specifier === name || specifier.startsWith(`${name}/`));
    const from = roomOf(file.path);
    if (pack === undefined || from === null || isTestFile(file.path) || PACKAGE_OWNERS[pack]?.includes(entryOf(from)) === true) return null;
    return `imports ${specifier}, which belongs to ${PACKAGE_OWNERS[pack]?.join(", ") ?? "nobody"}`;
  });

/** No `node:` module and no unknown package below a browser-safe room, however indirectly. */
export const browserSafeRooms: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const name = roomOf(file.path);
    if (name === null || ROOMS[entryOf(name)]?.browserSafe !== true || isTestFile(file.path)) return [];
    return [file.path, ...reach(file.path, byPath)].flatMap((path) =>
      (byPath.get(path)?.imports ?? [])
        .filter(({ specifier, target }) => target === null && !BROWSER_SAFE_PACKAGES.some((pack) => specifier === pack || specifier.startsWith(`${pack}/`)))
        .map(({ specifier }) => `${file.path}: reaches ${specifier}${path === file.path ? "" : ` through ${path}`}; ${name} has to run in a browser`),
    );
  });
};

/** A command loads with itself nothing that few projects need; `--help` and `check`, which everybody waits for, no adapter either; one over the store alone nothing that reaches servers. */
export const rareThingsAreLoadedLate: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.filter(({ path }) => /^apps\/offstage\/src\/(main|commands\/[^/]+)\.ts$/.test(path) && !isTestFile(path)).flatMap((file) => {
    const loaded = [file.path, ...reach(file.path, byPath, ({ eager }) => eager === true)];
    const rare = loaded.flatMap((path) => (byPath.get(path)?.imports ?? []).filter(({ specifier, eager }) => eager === true && (LOADED_LATE as readonly string[]).includes(specifier)).map(({ specifier }) => `${specifier} through ${path}`));
    const adapters = /(main|check)\.ts$/.test(file.path) ? loaded.filter((path) => ROOMS[entryOf(roomOf(path) ?? "")]?.level === ADAPTERS) : [];
    const servers = OVER_THE_STORE.test(file.path) ? loaded.filter((path) => roomOf(path) === "mcp") : [];
    return [...rare, ...adapters, ...servers].map((what) => `${file.path}: loads ${what}; import() it where it is needed`);
  });
};

/** Commands that look at runs or at what is paused, and start nothing. */
const OVER_THE_STORE = /commands\/(runs|show|pause|unpause|prune|resolve)\.ts$/;

/** The level of rooms that stand between us and a database, a broker, whoever looks on. */
const ADAPTERS = 5;

/** Types included: a knot of types is a knot in the head. */
export const noKnots: Rule = (files) => knots(files).map((knot) => `${knot[0] ?? ""}: imports itself through ${knot.slice(1).join(", ")}`);

/** Large files hide decisions. */
export const filesStaySmall: Rule = (files) =>
  files.filter((file) => file.lines > LIMITS.fileLines).map((file) => `${file.path}: has ${file.lines} lines; at most ${LIMITS.fileLines}`);

/** kebab-case, and a name that says what is inside. */
export const filesHaveNames: Rule = (files) =>
  files.flatMap(({ path }) => {
    const stem = basename(path).replace(/(\.[a-z-]+)*\.m?ts$/, "");
    const parts = [...path.split("/").slice(0, -1), stem];
    const banned = parts.find((part) => (BANNED_NAMES as readonly string[]).includes(part));
    if (banned !== undefined) return [`${path}: "${banned}" says nothing about what is inside`];
    return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) ? [] : [`${path}: is not named in kebab-case`];
  });

/** In the library and the apps a test lies beside the code it tests; scenarios over several rooms live in conformance/. */
export const testsBesideCode: Rule = (files) => {
  const folders = new Set(files.filter((file) => !isTestFile(file.path) && !file.path.endsWith("/index.ts")).map((file) => folderOf(file.path)));
  return files
    .filter((file) => /^(packages|apps)\/.*\.test\.ts$/.test(file.path) && !file.path.includes(`/${TESTING_ROOM}/`) && !folders.has(folderOf(file.path)))
    .map((file) => `${file.path}: lies beside no code`);
};

/** The environment is read in one place, so that one page says what it can change. */
export const oneReaderOfTheEnvironment: Rule = (files) =>
  files
    .filter((file) => /^(packages\/runtime|apps\/offstage)\/src\//.test(file.path) && !isTestFile(file.path) && !file.path.startsWith("apps/offstage/src/config/"))
    .filter((file) => /\bprocess\.env\b/.test(file.text))
    .map((file) => `${file.path}: reads process.env; only apps/offstage/src/config does`);

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
