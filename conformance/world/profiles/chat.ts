import { profile } from "offstage";

export default profile("chat@1", { send: [{ effect: "write", undo: "none" }] });
