import { profile } from "offstage";

/**
 * What `@modelcontextprotocol/server-filesystem` does not say about itself; written by reading and running 2026.8.31. Without a
 * type argument: a project may call the server what it likes.
 *
 * What to know besides: its results are texts in `content`; errors are Node's own; a client that tells it of `roots` changes which
 * folders it may use.
 */

// It looks at every path before it does anything.
const outside = (text: string) => /^(?:Access denied - |Parent directory does not exist: )/.test(text);

// Node's words for a file or folder that is not there. Nothing that ends so has changed anything: what it does last is to rename.
const missing = (text: string) => text.startsWith("ENOENT: no such file or directory, ");

// The words of the SDK for arguments that a tool does not take, before it is called; what comes of the tool itself begins otherwise.
const untaken = (text: string) => text.startsWith("MCP error -32602: Input validation error: Invalid arguments for tool ");

const reads = ["read_file", "read_text_file", "read_media_file", "read_multiple_files", "list_directory", "list_directory_with_sizes", "directory_tree", "search_files", "get_file_info"];

export default profile("@modelcontextprotocol/server-filesystem@2026", {
  read_file: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  read_text_file: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  read_media_file: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  // One that cannot be read is a line of the answer.
  read_multiple_files: [{ effect: "read", consistent: true }],
  list_directory: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  list_directory_with_sizes: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  directory_tree: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  search_files: [{ effect: "read", consistent: true }],
  get_file_info: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  list_allowed_directories: [{ effect: "read", consistent: true }],

  // Replaces what is there by renaming: it is there whole or not at all.
  write_file: [{ effect: "write", idempotent: true, undo: "write what was there", refused: (r) => untaken(r.text) || outside(r.text) || missing(r.text), affects: reads }],
  create_directory: [{ effect: "write", idempotent: true, undo: "none", refused: (r) => untaken(r.text) || outside(r.text), affects: reads }],
  edit_file: [
    { when: (a) => a.dryRun === true, effect: "read", consistent: true },
    // All edits are made on a copy; the file is replaced when the last one fitted.
    { effect: "write", undo: "edit it back", refused: (r) => untaken(r.text) || outside(r.text) || r.text.startsWith("Could not find exact match for edit:\n") || missing(r.text), affects: reads },
  ],
  // Never onto something that is there. Not idempotent: the second of two fails.
  move_file: [{ effect: "write", undo: "move it back", refused: (r) => untaken(r.text) || outside(r.text) || missing(r.text) || r.text.startsWith("Destination already exists: "), affects: reads }],
});
