import type { ProvenCall } from "./prove-profile.ts";

const read = (tool: string, args: object): ProvenCall => ({ tool, args, is: "read" });

/** Every tool of the reference server for files, on a folder with `sub/a.txt` in it. */
export function filesystemCalls(folder: string): readonly ProvenCall[] {
  const file = `${folder}/sub/a.txt`;
  const none = `${folder}/sub/none.txt`;
  return [
    ...["read_file", "read_text_file", "read_media_file", "get_file_info"].flatMap((tool) => [read(tool, { path: file }), { tool, args: { path: none }, is: "gone" as const }]),
    ...["list_directory", "list_directory_with_sizes", "directory_tree"].flatMap((tool) => [read(tool, { path: folder }), { tool, args: { path: none }, is: "gone" as const }]),
    read("read_multiple_files", { paths: [file, none] }), read("search_files", { path: folder, pattern: "*.txt" }), read("list_allowed_directories", {}),
    read("edit_file", { path: file, edits: [{ oldText: "one", newText: "1" }], dryRun: true }),
    { tool: "edit_file", args: { path: file, edits: [{ oldText: "one", newText: "1" }, { oldText: "not there", newText: "x" }] }, is: "refused" },
    { tool: "edit_file", args: { path: none, edits: [] }, is: "refused" },
    { tool: "edit_file", args: { path: file, edits: [{ oldText: "two", newText: "2" }] }, is: "written" },
    ...["write_file", "create_directory"].map((tool): ProvenCall => ({ tool, args: { path: "/etc/none", content: "x" }, is: "refused" })),
    ...["write_file", "edit_file", "create_directory", "move_file"].map((tool): ProvenCall => ({ tool, args: {}, is: "refused" })),
    { tool: "write_file", args: { path: `${folder}/not/there.txt`, content: "x" }, is: "refused" },
    { tool: "write_file", args: { path: `${folder}/b.txt`, content: "x" }, is: "written" },
    // A folder in the file's place: the server has begun to write.
    { tool: "write_file", args: { path: `${folder}/sub`, content: "x" }, is: "open" },
    { tool: "create_directory", args: { path: `${folder}/new` }, is: "written" },
    { tool: "move_file", args: { source: `${folder}/b.txt`, destination: "/etc/none" }, is: "refused" },
    { tool: "move_file", args: { source: `${folder}/b.txt`, destination: `${folder}/c.txt` }, is: "written" },
    { tool: "move_file", args: { source: `${folder}/b.txt`, destination: `${folder}/d.txt` }, is: "refused" },
    { tool: "move_file", args: { source: file, destination: `${folder}/c.txt` }, is: "refused" },
  ];
}
