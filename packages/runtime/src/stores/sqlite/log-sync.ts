import { type FileHandle, open } from "node:fs/promises";
import { OffstageError } from "../../base/index.ts";

/**
 * Waits for the disk in the place of each COMMIT: one wait serves all transactions that were committed before it began, and the process goes on meanwhile. The write-ahead
 * log is valid up to where it was torn, so that what is on the disk after a power cut is always a beginning of what was committed; SQLite's checkpoints wait for the disk by themselves.
 */
export interface LogSync {
  /** Whether {@link wait} can be asked: until it is open, the COMMIT itself has to wait. */
  readonly isOpen: () => boolean;
  /** Whether somebody waits: whoever comes now must not be done before them. */
  readonly isBusy: () => boolean;
  /** Throws once the disk failed: not even a COMMIT that waits itself is to be believed then, since what was lost may stand before it in the log. */
  readonly refuseBroken: () => void;
  /** Opens the log after a COMMIT that has waited itself: the log's entry in its folder is on the disk then. Where it cannot be opened, the next COMMIT waits itself again. */
  open(): Promise<void>;
  /**
   * Resolves when everything that was committed before this call is on the disk. Errors: `STORE_UNAVAILABLE`, from then on always: what the disk once failed to write it may
   * later claim to have written.
   */
  wait(): Promise<void>;
  close(): Promise<void>;
}

/** The part of a file that is needed. */
export type SyncedFile = Pick<FileHandle, "datasync" | "close">;

/** A {@link LogSync} of a store's file. */
export function createLogSync(file: string, openLog: (path: string) => Promise<SyncedFile> = (path) => open(path, "r+")): LogSync {
  let log: SyncedFile | null = null;
  let going: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let broken: OffstageError | null = null;

  const sync = async (): Promise<void> => {
    try {
      if (broken !== null) throw broken;
      await log?.datasync();
    } catch (error) {
      throw (broken ??= failed(file, error));
    } finally {
      going = null;
    }
  };
  return {
    refuseBroken() {
      if (broken !== null) throw broken;
    },
    isOpen: () => log !== null,
    isBusy: () => going !== null || next !== null,
    async open() {
      log ??= await openLog(`${file}-wal`).catch(() => null);
    },
    wait() {
      if (next !== null) return next;
      if (going === null) return (going = sync());
      // What goes on began before the last COMMIT, perhaps.
      return (next = going.then(again, again));
    },
    async close() {
      await (next ?? going)?.catch(() => undefined);
      await log?.close();
      log = null;
    },
  };

  function again(): Promise<void> {
    next = null;
    return (going = sync());
  }
}

function failed(file: string, error: unknown): OffstageError {
  return new OffstageError("STORE_UNAVAILABLE", `The disk failed to keep the store ${file} (${error instanceof Error ? error.message : String(error)}).`, { hint: "See the system's log about that disk, then start this process anew: it goes on where the store is.", cause: error });
}
