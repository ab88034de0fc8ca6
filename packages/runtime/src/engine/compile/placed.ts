import type { ProgramDebug } from "../../program/index.ts";
import type { Frame, Later, Placed } from "../code.ts";
import { notePlace } from "../failure.ts";
import type { Strand } from "../strand.ts";

/** For a program whose text is known. A `try` costs nothing until something is thrown. */
export function placedIn(debug: ProgramDebug): Placed {
  return (at, part) => {
    if (at === undefined) return part;
    const place = { debug, at };
    const note = (error: unknown): never => {
      notePlace(error, place);
      throw error;
    };
    const go = part.run as (f: Frame, c: Strand) => Later<unknown>;
    // Apart from each other: what never pauses does not ask whether it did.
    const atOnce = (f: Frame, c: Strand): unknown => {
      try {
        return go(f, c);
      } catch (error) {
        return note(error);
      }
    };
    const later = (f: Frame, c: Strand): unknown => {
      const result = atOnce(f, c);
      return result instanceof Promise ? result.catch(note) : result;
    };
    return { pauses: part.pauses, run: part.pauses ? later : atOnce } as typeof part;
  };
}

/** For texts whose errors are told otherwise: of profiles, of filters. */
export const unplaced: Placed = (_, part) => part;
