/**
 * Follows a log file while a child writes it. Children write to files rather than to pipes of the parent: they must not
 * fail on a broken pipe when the parent dies first, and their last output must stay readable.
 */
import { closeSync, fchmodSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const POLL_MS = 100;
/** A log larger than this at the start of a run is renamed to `….1`, which limits logs to about twice this size. */
const MAX_LOG_BYTES = 16 << 20;

/** A log that is being written. */
export interface LogTail {
  /** Last lines of this run, without line endings. */
  last(count: number): string[];
  /** Calls back for every unread line, and for every new one. */
  follow(onLine: (line: string) => void): void;
  /** Reads the remaining lines and stops following. */
  end(): void;
}

/** Opens a log for appending. The caller closes the descriptor once the child has it. */
export function openLog(path: string): { fd: number; tail: LogTail } {
  if (sizeOf(path) > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  const fd = openSync(path, 'a', 0o600);
  // A log of an older version.
  fchmodSync(fd, 0o600);
  return { fd, tail: tailOf(path, sizeOf(path)) };
}

function tailOf(path: string, from: number): LogTail {
  const decoder = new StringDecoder('utf8');
  const followers: ((line: string) => void)[] = [];
  let position = from;
  let partial = '';
  let timer: NodeJS.Timeout | undefined;

  const read = (): void => {
    for (const chunk of chunksOf(path, position)) {
      position += chunk.length;
      const lines = (partial + decoder.write(chunk)).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) for (const follower of followers) follower(line);
    }
  };

  return {
    last(count) {
      const tailBytes = 16 << 10;
      const chunks = [...chunksOf(path, Math.max(from, sizeOf(path) - tailBytes))];
      return Buffer.concat(chunks).toString('utf8').trimEnd().split('\n').slice(-count);
    },
    follow(onLine) {
      followers.push(onLine);
      timer ??= setInterval(read, POLL_MS);
    },
    end() {
      clearInterval(timer);
      if (followers.length > 0) read();
      followers.length = 0;
    },
  };
}

function* chunksOf(path: string, from: number): Generator<Buffer> {
  // The user may have removed the folder; that must not crash this process.
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return;
  const fd = openSync(path, 'r');
  try {
    for (let position = from; ;) {
      const buffer = Buffer.alloc(64 << 10);
      const bytes = readSync(fd, buffer, 0, buffer.length, position);
      if (bytes === 0) return;
      position += bytes;
      yield buffer.subarray(0, bytes);
    }
  } finally {
    closeSync(fd);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
