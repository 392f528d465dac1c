/** A separate disk for the S3 gateway, small enough to fill. Only root can mount one. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Mounts a tmpfs over the folder; undefined if that is not allowed. */
  static async mount(folder: string, megabytes: number): Promise<SmallDisk | undefined> {
    await mkdir(folder, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'wikigauge-faults', folder]);
    } catch {
      return undefined;
    }
    return new SmallDisk(folder);
  }

  /** Fills it to the last byte. @throws if it cannot be filled */
  async fill(): Promise<void> {
    for (const blockBytes of [1 << 20, 4 << 10, 1]) {
      while (await this.#takes(blockBytes));
    }
  }

  /** Frees the space again. */
  async empty(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.#folder]);
  }

  /** Beside the folders that are the gateway's buckets; a file is not a bucket. */
  get #filler(): string {
    return join(this.#folder, 'filler');
  }

  async #takes(bytes: number): Promise<boolean> {
    try {
      await appendFile(this.#filler, Buffer.alloc(bytes));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
      throw error;
    }
  }
}
