/**
 * What a sandboxed server may touch besides its own standard streams. Paths are absolute; the more specific of `hidden` and
 * `readable` decides, hidden where they are the same, and what is hidden is empty. One that does not exist is no fault, except in `write`.
 */
export interface ServerSandbox {
  readonly hidden: readonly string[];
  readonly readable: readonly string[];
  /** Of `readable`, what was named for this server alone: for people, who know the rest. */
  readonly read: readonly string[];
  /**
   * Folders, without links, whose entries are readable as they are at the start: what comes later is not seen, nor is what is called `.env…`
   * unless `readable` names it. For those that hold something hidden: a mask over a file goes when the file is replaced.
   */
  readonly entrywise: readonly string[];
  /** Readable folders; of what is below them only that which everybody on this machine may read, whoever we are. One with something else in it is shown as those of `entrywise`. */
  readonly guarded: readonly string[];
  /** Folders and files; they can be read too. No link is on their way: one that is there by the start is refused. */
  readonly write: readonly string[];
  /** What sandboxed servers may write, this one and others: nothing below it is mounted by its name, since they could put a link in its place meanwhile. */
  readonly writable: readonly string[];
  /** `api.example.com`, `*.example.com`, `example.com:443`: reached through a proxy that the server finds in its environment. */
  readonly hosts: readonly string[];
}
