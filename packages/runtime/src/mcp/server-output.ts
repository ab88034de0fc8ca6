import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { shorten } from "../base/index.ts";
import { createLineReader, type LineReader } from "./line-reader.ts";
import { readProtocolLine } from "./protocol-line.ts";

/** A line in the log is for people: longer ones are cut. UTF-16 units. */
const LOG_LINE = 8_192;
/** A line of stderr is kept whole up to here, so that redaction sees a secret whole before the line is cut. Bytes. */
const STDERR_LINE_BYTES = 65_536;
/** As many last lines of stderr explain an end. */
const LAST_LINES = 5;
/** What surrounds the telling line where a runtime gives up: frames of a stack trace, its version, the caret, closing brackets, nothing. */
const SAYS_LITTLE = /^(\s*at .*|Node\.js v\S+|[\s^~{}()\];,]*)$/;
/** So many lines that are not the protocol, before the first message, are no greeting any more. */
const STRAY_LINES = 50;

/** Where a server's output goes. */
export interface OutputSink {
  readonly onMessage: (message: JSONRPCMessage) => void;
  /** Only garbage came so far, or a line outgrew the limit: nothing good will come any more. */
  readonly onGarbage: (firstLine: string, tooLong: boolean) => void;
  readonly log: (line: string) => void;
  readonly redact: (text: string) => string;
  readonly maxLineBytes: number;
}

/** What a server has written: its messages pass through, the rest is logged and partly remembered, to explain a failure. */
export interface ServerOutput {
  readonly stdout: LineReader;
  readonly stderr: LineReader;
  /** The first line of stdout that was not the protocol, when no message came at all. */
  garbage(): string | null;
  /** The last telling lines of stderr, redacted. */
  lastLines(): readonly string[];
}

/** Reads both streams of one server process. */
export function createServerOutput(sink: OutputSink): ServerOutput {
  let hasSpoken = false;
  let firstStray: string | null = null;
  let strayCount = 0;
  const lastLines: string[] = [];

  const log = (line: string): string => {
    const shown = shorten(sink.redact(line), LOG_LINE);
    sink.log(shown);
    return shown;
  };
  const stray = (line: string): void => {
    if (line.trim() === "") return;
    firstStray ??= line;
    log(`stdout: ${line}`);
    if (!hasSpoken && ++strayCount > STRAY_LINES) sink.onGarbage(firstStray, false);
  };
  const keep = (line: string): void => {
    const shown = log(line);
    if (SAYS_LITTLE.test(shown)) return;
    lastLines.push(shown);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  };

  return {
    stdout: createLineReader(sink.maxLineBytes, {
      onLine(line) {
        const message = readProtocolLine(line);
        if (message === null) return stray(line);
        hasSpoken = true;
        sink.onMessage(message);
      },
      onOverflow: (beginning) => sink.onGarbage(beginning, true),
    }),
    stderr: createLineReader(STDERR_LINE_BYTES, { onLine: keep, onOverflow: keep }),
    garbage: () => (hasSpoken ? null : firstStray),
    lastLines: () => lastLines,
  };
}
