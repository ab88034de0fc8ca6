import type { Diagnostic } from "offstage/base";
import { HINTED_READ, type Lock } from "offstage/tools";
import { moduleFiles } from "./module-texts.ts";
import { profileSources } from "./profile-sources.ts";
import { counted } from "../output/counted.ts";

/** A profile of the project that somebody began and did not finish. */
export interface UnsettledProfile {
  readonly server: string;
  readonly file: string;
  /** Where the first of it stands, from 1. */
  readonly line: number;
  /** Rules that are reads on their server's word alone. */
  readonly hintedReads: number;
  /** Other TODOs. */
  readonly todos: number;
}

/** The profiles of locked servers, as far as the project has its own, in which a TODO or a read on a server's word is left. */
export function unsettledProfiles(folder: string, lock: Lock): readonly UnsettledProfile[] {
  return profileSources(moduleFiles(folder), lock).flatMap(({ own }) => own ?? []).map(({ server, file, source }) => {
    const lines = source.split("\n");
    const first = lines.findIndex((line) => isHinted(line) || isTodo(line));
    return { server, file, line: first + 1, hintedReads: lines.filter(isHinted).length, todos: lines.filter((line) => isTodo(line) && !isHinted(line)).length };
  }).filter(({ line }) => line > 0);
}

/** How many rules of a profile's text are reads on their server's word alone. */
export function hintedReads(source: string): number {
  return source.split("\n").filter(isHinted).length;
}

/** One line about it, without its place: what is open, and what to do. */
export function unsettledText({ hintedReads: hinted, todos }: UnsettledProfile): string {
  const reads = hinted === 0 ? [] : [`${counted(hinted, "read")} ${hinted === 1 ? "rests" : "rest"} on the server's word alone`];
  const open = todos === 0 ? [] : [`${counted(todos, hinted === 0 ? "TODO" : "other TODO")} ${todos === 1 ? "is" : "are"} open`];
  return `${[...reads, ...open].join(", ")}: settle ${hinted + todos === 1 ? "it" : "them"} in the profile, then \`offstage lock\`.`;
}

/** The same as a warning at its place. */
export function unsettledFault(profile: UnsettledProfile): Diagnostic {
  return { code: "PROFILE_UNSETTLED", severity: "warning", file: profile.file, line: profile.line, column: 1, message: unsettledText(profile) };
}

function isHinted(line: string): boolean {
  return line.includes(HINTED_READ);
}

function isTodo(line: string): boolean {
  return /\/\/\s*TODO\b/.test(line);
}
