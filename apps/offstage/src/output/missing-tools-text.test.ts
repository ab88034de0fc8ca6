import { expect, test } from "vitest";
import { type Looked, nowhereText, noSuchToolText } from "./missing-tools-text.ts";

const tool = (description: string) => ({ description });
const looked: Looked = {
  offered: [{ server: "files", tools: new Map([["write_file", tool("Write a file")], ["list_directory", tool("List a directory")]]) }],
  unlocked: ["time"], lock: "offstage lock",
};

test("a tool that a server has not is answered with those that are called like it, else with all", () => {
  expect(noSuchToolText(["files.writefile"], looked)).toBe("The server files has no tool writefile. Nearest: write_file.");
  expect(noSuchToolText(["files.directory"], looked)).toBe("The server files has no tool directory. Nearest: list_directory.");
  expect(noSuchToolText(["files.nope"], looked)).toBe("The server files has no tool nope. It has write_file, list_directory.");
  expect([noSuchToolText(["write", "file"], looked), noSuchToolText(["files"], looked), noSuchToolText(["other.tool"], looked)]).toEqual([null, null, null]);
});

test("words that are nowhere are told, with the servers that were looked through and those that nobody knows yet", () => {
  expect(nowhereText(["send", "slack", "message"], looked)).toBe('No tool and no server has "slack". Locked are files. Not locked yet: time (offstage lock).');
  expect(nowhereText(["time.now"], { ...looked, unlocked: [] })).toContain('has "time.now"');
  expect(nowhereText(["write", "a", "file"], looked)).toBe("");
});

test("a server that is not locked is named when it is asked for, whatever else was found", () => {
  expect(nowhereText(["list", "time"], { ...looked, offered: [{ server: "files", tools: new Map([["list_times", tool("Times")]]) }] })).toBe("Locked are files. Not locked yet: time (offstage lock).");
});
