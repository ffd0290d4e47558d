/** One line of a stream, without its end. Bytes that are no UTF-8 have become U+FFFD. */
export interface Line {
  readonly text: string;
  /** Bytes of the line that were let go because it was too long; 0 for a whole line. */
  readonly dropped: number;
}

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** The stream is over: what stands after the last line end is a line too. */
  end(): void;
}

/**
 * Cuts a stream of bytes into lines at `\n` (a `\r` before it goes too). Of a line longer than `limit` bytes the beginning
 * is kept and the rest counted, so that memory stays under about twice the limit whatever comes.
 */
export function splitLines(limit: number, onLine: (line: Line) => void): LineSplitter {
  let pieces: Buffer[] = [];
  let length = 0;
  let dropped = 0;

  function keep(piece: Buffer): void {
    const room = Math.min(piece.length, limit - length);
    dropped += piece.length - room;
    if (room === 0) return;
    // A copy: a slice would keep the whole chunk alive for the sake of a few bytes.
    pieces.push(Buffer.from(piece.subarray(0, room)));
    length += room;
    if (pieces.length >= 64) pieces = [Buffer.concat(pieces, length)];
  }

  function give(): void {
    const bytes = Buffer.concat(pieces, length);
    const end = dropped === 0 && bytes[length - 1] === 13 ? length - 1 : length;
    const line = { text: bytes.toString("utf8", 0, end), dropped };
    pieces = [];
    length = 0;
    dropped = 0;
    onLine(line);
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, at));
        give();
        from = at + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      if (length > 0 || dropped > 0) give();
    },
  };
}
