import { capture, profile } from "offstage";

export default profile("tracker@1", {
  search: [{ effect: "read", lag: "2s", result: (r) => r.data.result }],
  get: [{ effect: "read", gone: (r) => r.isError && r.text.includes("does not exist"), result: (r) => r.data.result }],
  create: [{ effect: "write", undo: "none", refused: (r) => r.text.startsWith("Error: validation failed"), result: (r) => ({ key: capture(r.text, /^✅ Created\n\n\*\*Key\*\*: (T-[0-9]+)\n/) }) }],
  update: [{ effect: "write", affects: ["get", "search"] }],
  close: [{ effect: "write", affects: ["get", "search"] }],
  reopen: [{ effect: "write", affects: ["get", "search"] }],
});
