import { accessSync, closeSync, constants, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { contains, onTheWay, type Writable } from "./sandbox-paths.ts";

/** A script names an interpreter, which may be a script again; nobody goes further. */
const DEPTH = 4;
const MOST_LINKS = 20;
/** What an installation has beside its `bin`: its libraries. */
const BESIDE = ["lib", "lib64", "libexec"];

/** Where a command is looked for. */
export interface ProgramPlaces {
  /** As the variable has it. */
  readonly path: string;
  /** Absolute: where the server runs. */
  readonly folder: string;
  /** Of all sandboxed servers: what stands there says nothing of what it needs, or a server could name the folders that it wants to see. */
  readonly writable: readonly Writable[];
}

/**
 * The folders that a program needs to start, besides its own: where the links lead that stand for it, and the interpreter of a script with its libraries. The program of
 * a Python environment is a script whose interpreter is a link into another installation, or a copy of what is there, as `pyvenv.cfg` says; it need not be on the PATH.
 * Nothing that cannot be read is said.
 */
export function interpreterFolders(command: string, { path, folder, writable }: ProgramPlaces): readonly string[] {
  const found = new Set<string>();
  const follow = (name: string, depth: number): void => {
    const program = locate(name, path, folder);
    if (program === null || depth === 0 || onTheWay(program).some((place) => writable.some((each) => contains(each.path, place)))) return;
    const hops = linksOf(program);
    for (const hop of hops) {
      const environment = environmentOf(hop);
      for (const each of [...(hop === program && environment === null ? [] : installationOf(hop)), ...(environment?.own ?? [])]) found.add(each);
      if (environment?.base === undefined) continue;
      for (const each of installationOf(environment.base)) found.add(each);
      follow(environment.base, depth - 1);
    }
    const interpreter = interpreterOf(hops.at(-1) ?? program);
    if (interpreter === null) return;
    for (const each of installationOf(interpreter)) found.add(each);
    follow(interpreter, depth - 1);
  };
  follow(command, DEPTH);
  return [...found];
}

/** `<prefix>/bin/python3` needs `<prefix>/lib` too; a program that stands elsewhere shows no folder but one of its kind. */
function installationOf(program: string): readonly string[] {
  const bin = dirname(program);
  if (!/^(?:bin|sbin|shims)$/.test(basename(bin))) return [];
  const prefix = dirname(bin);
  return prefix === "/" ? [] : [bin, ...BESIDE.map((name) => join(prefix, name))];
}

/** A Python environment: the file by which its interpreter knows that it is one (PEP 405), and the interpreter that it was made from. */
function environmentOf(program: string): { readonly own: readonly string[]; readonly base?: string } | null {
  const file = join(dirname(dirname(program)), "pyvenv.cfg");
  const text = beginningOf(file, 4096);
  if (text === null) return null;
  const home = /^[ \t]*home[ \t]*=[ \t]*(\S.*?)[ \t\r]*$/im.exec(text)?.[1];
  return { own: [file], ...(home === undefined || !isAbsolute(home) ? {} : { base: join(home, "python3") }) };
}

function locate(name: string, path: string, folder: string): string | null {
  const places = name.includes("/") ? [resolve(folder, name)] : path.split(":").filter(isAbsolute).map((each) => join(each, name));
  return places.find((place) => isExecutable(place)) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program and each link on the way to the file that it is. */
function linksOf(program: string): readonly string[] {
  const hops = [program];
  for (let at = program; hops.length < MOST_LINKS && lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true; hops.push(at)) at = resolve(dirname(at), readlinkSync(at));
  return hops;
}

/** What `#!` names; `env` stands for the program that it looks for. */
function interpreterOf(file: string): string | null {
  const [, program, argument] = /^#![ \t]*(\/\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(beginningOf(file, 256) ?? "") ?? [];
  if (program === undefined) return null;
  return basename(program) === "env" ? (argument ?? null) : program;
}

/** The first `bytes` of a file; null when it cannot be read. */
function beginningOf(file: string, bytes: number): string | null {
  const start = Buffer.alloc(bytes);
  try {
    const handle = openSync(file, "r");
    try {
      return start.toString("utf8", 0, readSync(handle, start, 0, bytes, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
}
