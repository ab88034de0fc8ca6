import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { NightFinding } from "./night-finding.ts";

/** What is known of the place of a store in a file. Bytes. */
export interface DiskFacts {
  readonly folder: string;
  readonly writable: boolean;
  /** For who is not root, and all there is; null where the system does not say. */
  readonly free: number | null;
  readonly size: number | null;
  /** The kind of a file system of the network; null: it is none, as far as is known. */
  readonly network: string | null;
  /** Of the store's file; 0: there is none yet. */
  readonly store: number;
}

const MIB = 1_048_576;
/** Below this a night's runs may not fit. */
const FULL = 64 * MIB;
const LITTLE = 1024 * MIB;
const LITTLE_SHARE = 0.05;
const LARGE = 1024 * MIB;

/** `f_type` of Linux. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = { 0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x01021997: "9p" };

/** Asks the system about the place of a store's file, which need not be there yet. */
export function diskFacts(file: string): DiskFacts {
  let folder = dirname(file);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  const system = orNull(() => statfsSync(folder));
  return {
    folder,
    writable: [folder, ...(existsSync(file) ? [file] : [])].every((path) => orNull(() => accessSync(path, constants.W_OK)) !== null),
    free: system === null ? null : system.bavail * system.bsize,
    size: system === null ? null : system.blocks * system.bsize,
    network: system === null || process.platform !== "linux" ? null : (NETWORK_FILE_SYSTEMS[system.type] ?? null),
    store: orNull(() => statSync(file).size) ?? 0,
  };
}

/** Whether the disk of a store will do. `keepsAll`: nothing of it is ever removed. */
export function checkDisk({ folder, writable, free, size, network, store }: DiskFacts, keepsAll: boolean): readonly NightFinding[] {
  const found: NightFinding[] = [];
  if (!writable) found.push({ about: "disk", state: "fails", what: `this user may not write into ${folder}, where the store is`, hint: "Give it to the user that `offstage serve` runs as, or set store.file in offstage.yaml." });
  if (free !== null && size !== null && size > 0 && (free < LITTLE || free < size * LITTLE_SHARE)) {
    found.push({ about: "disk", state: free < FULL ? "fails" : "warns", what: `${room(free)} of ${room(size)} are free at ${folder}, where the store is`, hint: "Make room: without it nothing is begun. `offstage prune` removes what is over for long from the store." });
  }
  if (network !== null) found.push({ about: "disk", state: "warns", what: `the store is on ${network}, a file system of the network: its locks do not keep two machines apart`, hint: "Put it on a disk of this machine (store.file in offstage.yaml), or use PostgreSQL." });
  if (keepsAll && store >= LARGE) found.push({ about: "disk", state: "warns", what: `the store has ${room(store)}, and nothing of it is ever removed`, hint: "Take retention.runs: forever out of offstage.yaml, or say how long: retention: { runs: 90d }." });
  if (found.length === 0) found.push({ about: "disk", state: "fine", what: free === null ? `${folder} can be written to` : `${room(free)} are free where the store is`, hint: null });
  return found;
}

function room(bytes: number): string {
  return bytes >= 1024 * MIB ? `${(bytes / (1024 * MIB)).toFixed(1)} GiB` : `${Math.floor(bytes / MIB)} MiB`;
}

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
