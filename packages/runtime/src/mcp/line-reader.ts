const NEWLINE = 0x0a;

/** Where the lines of a stream go. */
export interface LineSink {
  /** One line without its end (`\n` or `\r\n`). */
  onLine(line: string): void;
  /** Called once for a line that outgrew the limit, with its beginning; the rest of it is thrown away. */
  onOverflow(beginning: string): void;
}

/** Takes the chunks of a stream as they come. */
export interface LineReader {
  push(chunk: Buffer): void;
  /** The stream is over: what is left without a newline is a line too. */
  end(): void;
}

/**
 * Splits a stream of bytes into lines of at most `limitBytes`. Lines are decoded whole, so that no character is cut by the
 * border of a chunk; a long line is joined once, so that its cost stays linear.
 */
export function createLineReader(limitBytes: number, sink: LineSink): LineReader {
  let parts: Buffer[] = [];
  let size = 0;
  let overflowing = false;

  const finish = (last: Buffer): void => {
    const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    size = 0;
    const end = line.length > 0 && line[line.length - 1] === 0x0d ? line.length - 1 : line.length;
    sink.onLine(line.toString("utf8", 0, end));
  };
  const overflow = (last: Buffer): void => {
    overflowing = true;
    const beginning = Buffer.concat([...parts, last]).subarray(0, limitBytes);
    parts = [];
    size = 0;
    sink.onOverflow(beginning.toString("utf8"));
  };

  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
        const piece = chunk.subarray(start, at);
        start = at + 1;
        if (overflowing) overflowing = false;
        else if (size + piece.length > limitBytes) {
          overflow(piece);
          overflowing = false;
        } else finish(piece);
      }
      const rest = chunk.subarray(start);
      if (rest.length === 0 || overflowing) return;
      if (size + rest.length > limitBytes) {
        overflow(rest);
        return;
      }
      parts.push(rest);
      size += rest.length;
    },
    end() {
      if (size > 0) finish(Buffer.alloc(0));
    },
  };
}
