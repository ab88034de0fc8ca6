import { profile } from "offstage";

export default profile("repo@1", {
  list_items: [{ effect: "read", result: (r) => r.data.result }],
  merge: [{ effect: "write", undo: "none", result: (r) => r.data.result }],
});
