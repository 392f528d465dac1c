/**
 * The keys of the local S3 gateway: random, and created once for each state folder. With keys that everybody knows, any
 * web page could sign a form that writes into the bucket from the browser of whoever opens the page: the loopback
 * interface does not keep a browser out. The gateway stores no keys, so a folder of an older version simply gets new ones.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The keys of a state folder, which the caller has locked. */
export function s3KeysOf(home: string): S3Keys {
  const path = join(home, 's3-keys.json');
  const known = readKeys(path);
  if (known !== undefined) return known;
  const keys = {
    accessKeyId: `wikigauge${randomBytes(8).toString('hex')}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  };
  // Renamed when complete: a crash leaves no half of a file.
  writeFileSync(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return keys;
}

function readKeys(path: string): S3Keys | undefined {
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(readFileSync(path, 'utf8')) as Partial<S3Keys>;
    return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  } catch {
    // Missing, or damaged: the gateway takes any keys.
    return undefined;
  }
}
