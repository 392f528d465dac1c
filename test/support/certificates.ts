/** Certificates for servers of tests, made by openssl. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of a certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority that signs the certificates of one test. */
export async function makeAuthority(folder: string, name: string): Promise<Certificate> {
  const files = filesOf(folder, name);
  await openssl('req', '-x509', ...fresh(files), '-out', files.cert, '-days', '2', '-subj', `/CN=${name}`);
  return files;
}

/** A certificate for a host or a user. */
export async function makeCertificate(
  folder: string,
  name: string,
  authority: Certificate,
): Promise<Certificate> {
  const files = filesOf(folder, name);
  const request = `${files.cert}.request`;
  const extensions = `${files.cert}.extensions`;
  await writeFile(extensions, `subjectAltName=DNS:${name}\n`);
  await openssl('req', '-new', ...fresh(files), '-out', request, '-subj', `/CN=${name}`);
  const signed = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-extfile', extensions];
  await openssl('x509', '-req', '-in', request, '-out', files.cert, '-days', '2', ...signed);
  return files;
}

function filesOf(folder: string, name: string): Certificate {
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

function fresh({ key }: Certificate): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
}

async function openssl(...args: readonly string[]): Promise<void> {
  await run('openssl', args);
}
