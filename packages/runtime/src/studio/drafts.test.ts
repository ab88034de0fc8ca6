import { describe, expect, it } from "vitest";
import { draftFile, type DraftFile } from "./draft-file.ts";
import { discardDraft, type Draft, type DraftShelf, editDraft, LONGEST_DRAFT, writeDraft } from "./drafts.ts";

const REPORTS = draftFile("reports") as DraftFile;

/** A shelf in memory. `meanwhile` is what another session does right before a text is put. */
function shelfOf(project: { readonly [file: string]: string } = {}, meanwhile: ((shelf: DraftShelf) => void)[] = []): DraftShelf {
  const drafts = new Map<string, Draft>();
  return {
    files: () => [...drafts.keys()],
    newest: (file) => drafts.get(file) ?? null,
    base: (file) => (drafts.has(file) ? (project[file] ?? null) : null),
    adopted: (file) => project[file] ?? null,
    put(file, after, text) {
      meanwhile.shift()?.(this);
      if ((drafts.get(file)?.revision ?? 0) !== after) return null;
      const draft = { file, revision: after + 1, text };
      drafts.set(file, draft);
      return draft;
    },
    remove: (file, revision) => drafts.get(file)?.revision === revision && drafts.delete(file),
  };
}

describe("what may be drafted", () => {
  it("is a workflow or a profile, by its file or its name", () => {
    expect(draftFile("workflows/reports.ts")).toEqual({ kind: "workflow", name: "reports", file: "workflows/reports.ts" });
    expect(draftFile("reports")).toEqual(draftFile("workflows/reports.ts"));
    expect(draftFile("profiles/brave-search.ts")).toEqual({ kind: "profile", name: "brave-search", file: "profiles/brave-search.ts" });
  });

  it.each(["offstage.yaml", "mcp.json", "../reports", "workflows/../mcp.json", "workflows/own/reports.ts", "workflows/reports.test.ts", "/etc/passwd", "profiles/../x.ts", "profiles/a/b.ts", "workflows/Reports.ts", "workflows/.ts", "", "fixtures/a/b.json", "profiles/..ts", "reports\n"])("is not %j", (text) => {
    expect(draftFile(text)).toBeNull();
  });
});

describe("a draft", () => {
  it("is replaced by who has seen it, and by nobody else", () => {
    const shelf = shelfOf();
    expect(writeDraft(shelf, REPORTS, "a")).toMatchObject({ revision: 1, text: "a" });
    expect(() => writeDraft(shelf, REPORTS, "b")).toThrow(expect.objectContaining({ code: "DRAFT_CHANGED", hint: expect.stringContaining("revision 1") as string }) as Error);
    expect(writeDraft(shelf, REPORTS, "b", 1)).toMatchObject({ revision: 2, text: "b" });
    expect(() => writeDraft(shelf, REPORTS, "c", 1)).toThrow(expect.objectContaining({ code: "DRAFT_CHANGED" }) as Error);
    expect(shelf.newest(REPORTS.file)?.text).toBe("b");
  });

  it("of two sessions at once is that of the first", () => {
    const shelf = shelfOf({}, [(other) => void other.put(REPORTS.file, 0, "theirs")]);
    expect(() => writeDraft(shelf, REPORTS, "mine")).toThrow(expect.objectContaining({ code: "DRAFT_CHANGED" }) as Error);
    expect(shelf.newest(REPORTS.file)?.text).toBe("theirs");
  });

  it("is edited where a piece stands exactly once, also beside another session", () => {
    const shelf = shelfOf({ "workflows/reports.ts": "one two three" }, [(other) => void other.put(REPORTS.file, 0, "ONE two three")]);
    expect(editDraft(shelf, REPORTS, "two", "2")).toMatchObject({ revision: 2, text: "ONE 2 three" });
  });

  it.each([
    ["workflows/other.ts", "x", "There is no workflows/other.ts yet"],
    ["workflows/reports.ts", "four", "does not have this piece."],
    ["workflows/reports.ts", "one  two", "but for its white space"],
    ["workflows/reports.ts", "e", "has this piece 3 times"],
    ["workflows/reports.ts", "", "does not have this piece."],
  ])("is not edited: %s, %j", (file, old, message) => {
    const shelf = shelfOf({ "workflows/reports.ts": "one two three" });
    expect(() => editDraft(shelf, draftFile(file) as DraftFile, old, "y")).toThrow(expect.objectContaining({ code: "EDIT_NOT_FOUND", message: expect.stringContaining(message) as string }) as Error);
    expect(shelf.files()).toEqual([]);
  });

  it("takes what it is given as it is, and no more than a size", () => {
    const shelf = shelfOf({ "workflows/reports.ts": "a $1 b" });
    expect(editDraft(shelf, REPORTS, "$1", "$& $$").text).toBe("a $& $$ b");
    expect(() => writeDraft(shelf, REPORTS, "x".repeat(LONGEST_DRAFT + 1), 1)).toThrow(expect.objectContaining({ code: "USAGE" }) as Error);
  });

  it("is taken back by who has seen it, and by nobody else", () => {
    const shelf = shelfOf();
    const refused = (code: string): Error => expect.objectContaining({ code }) as Error;
    expect(() => discardDraft(shelf, REPORTS, 1)).toThrow(refused("DRAFT_UNKNOWN"));
    writeDraft(shelf, REPORTS, "one");
    expect(() => discardDraft(shelf, REPORTS)).toThrow(refused("DRAFT_CHANGED"));
    expect(() => discardDraft({ ...shelf, remove: () => false }, REPORTS, 1)).toThrow(refused("DRAFT_CHANGED"));
    discardDraft(shelf, REPORTS, 1);
    expect(shelf.newest(REPORTS.file)).toBeNull();
  });

  it("takes no empty text, which would take the draft away", () => {
    const shelf = shelfOf();
    writeDraft(shelf, REPORTS, "one");
    const refused = expect.objectContaining({ code: "USAGE", message: "The text is empty.", hint: expect.stringContaining("Write a whole module") as string }) as Error;
    expect(() => writeDraft(shelf, REPORTS, "", 1)).toThrow(refused);
    expect(() => writeDraft(shelf, REPORTS, " \n", 1)).toThrow(refused);
    expect(() => editDraft(shelf, REPORTS, "one", "")).toThrow(refused);
    expect(shelf.newest(REPORTS.file)).toMatchObject({ revision: 1, text: "one" });
  });
});
