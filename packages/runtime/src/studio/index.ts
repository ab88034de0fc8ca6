export { cutValue } from "./cut-value.ts";
export { type DraftFile, draftFile } from "./draft-file.ts";
export type { Draft, DraftShelf } from "./drafts.ts";
export type { ExportTarget } from "./export-targets.ts";
export type { Desk, Mended, Shown, Told } from "./desk.ts";
export { createStudioServer, type StudioServerOptions } from "./mcp-server.ts";
export { createStudioHandler, type StudioHandler, type StudioHandlerOptions } from "./serve-http.ts";
export { serveStudioOverStdio, type StdioStreams } from "./serve-stdio.ts";
export type { DocumentEntry, Documents, Session } from "./session.ts";
