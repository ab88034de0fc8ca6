import { type Clock, createBell } from "offstage/base";

/** Events that are remembered, and those who read them. */
export interface EventLog {
  /** `data`: one line of JSON. */
  add(kind: string, data: string): void;
  /** A stream of server-sent events, from the one after `last` on, or from now on without it; null when too many read already. */
  read(last: string | null): ReadableStream<Uint8Array> | null;
  /** Ends every stream. */
  close(): void;
}

/** What {@link createEventLog} is made with. */
export interface EventLogOptions {
  readonly clock: Clock;
  /** Stands in every id, so that those of another process are not taken for ours. */
  readonly boot: string;
  /** How many events are remembered. */
  readonly most: number;
}

/** Whoever keeps a connection open, a proxy in between, hears something as often. Ms. */
const HEARTBEAT_MS = 15_000;
const MOST_READERS = 100;
/** Of one turn of a reader. UTF-16 units. */
const MOST_AT_ONCE = 64 * 1024;

/** One who reads: nothing is held for them but the place that they have come to. */
interface Reader {
  place: number;
  cut(): void;
}

/** What readers share. */
interface Readers {
  readonly all: Set<Reader>;
  /** What comes at a reader's place and after it, as much as goes at once; it moves on behind that. */
  take(reader: Reader): string;
  /** Until something comes, the log is closed, or it is time for a heartbeat. */
  wait(): Promise<void>;
  readonly closed: AbortSignal;
}

/**
 * Remembers the last events. A reader asks for more when it has taken what it got; one who is so slow that what comes next is forgotten already is cut off, and comes back with
 * the id of the last event, to be told that it missed some (`missed`).
 */
export function createEventLog({ clock, boot, most }: EventLogOptions): EventLog {
  const events: string[] = [];
  const bell = createBell();
  const closed = new AbortController();
  /** The number of the event at `events[0]`; they are counted from 1. */
  let first = 1;
  const next = (): number => first + events.length;
  /** The number behind the id of the last event that was read; null: it is not remembered, or of another process. */
  const placeAfter = (last: string): number | null => {
    const [, of, number = ""] = /^([^-]+)-(\d{1,15})$/.exec(last) ?? [];
    const place = Number(number) + 1;
    return of === boot && place >= first && place <= next() ? place : null;
  };
  const readers: Readers = {
    all: new Set(), closed: closed.signal,
    take(reader) {
      let text = "";
      while (reader.place < next() && text.length < MOST_AT_ONCE) text += events[reader.place++ - first] ?? "";
      return text;
    },
    async wait() {
      bell.hush();
      await clock.sleep(HEARTBEAT_MS, AbortSignal.any([closed.signal, bell.heard()]));
    },
  };
  return {
    add(kind, data) {
      events.push(eventText(`${boot}-${next()}`, kind, data));
      if (events.length > most) {
        events.shift();
        first += 1;
        for (const reader of readers.all) if (reader.place < first) reader.cut();
      }
      bell.ring();
    },
    read(last) {
      if (readers.all.size >= MOST_READERS || closed.signal.aborted) return null;
      const place = last === null ? next() : placeAfter(last);
      const beginning = place === null ? eventText(`${boot}-${next() - 1}`, "missed", JSON.stringify({ kind: "missed", at: clock.now() })) : ": here\n\n";
      return streamOf(readers, place ?? next(), beginning);
    },
    close: () => closed.abort(),
  };
}

/** Nothing is made before it is asked for. */
function streamOf(readers: Readers, place: number, beginning: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const reader: Reader = { place, cut: () => undefined };
  let begun = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      readers.all.add(reader);
      reader.cut = () => {
        readers.all.delete(reader);
        controller.error(new Error("This reader is too slow."));
      };
    },
    async pull(controller) {
      let text = begun ? readers.take(reader) : beginning;
      begun = true;
      if (text === "") {
        await readers.wait();
        // It may have gone meanwhile.
        if (!readers.all.has(reader)) return;
        text = readers.take(reader) || (readers.closed.aborted ? "" : ": still here\n\n");
      }
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (text !== "" && !readers.closed.aborted) return;
      readers.all.delete(reader);
      controller.close();
    },
    cancel: () => void readers.all.delete(reader),
  }, { highWaterMark: 0 });
}

/** What JSON writes has no line break. */
function eventText(id: string, kind: string, data: string): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${data}\n\n`;
}
