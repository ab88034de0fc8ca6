/**
 * What a sandboxed server may touch besides its own standard streams. Paths are absolute; the more specific of `hidden` and
 * `readable` decides, and what is hidden is empty. One that does not exist is no fault, except in `write`.
 */
export interface ServerSandbox {
  readonly hidden: readonly string[];
  readonly readable: readonly string[];
  /** Readable folders; of what is below them only that which everybody on this machine may read, whoever we are. */
  readonly guarded: readonly string[];
  /** Folders and files; they can be read too. No link is on their way: one that is there by the start is refused. */
  readonly write: readonly string[];
  /** `api.example.com`, `*.example.com`, `example.com:443`: reached through a proxy that the server finds in its environment. */
  readonly hosts: readonly string[];
}
