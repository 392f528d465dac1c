/** schemathesis, which makes up requests from an OpenAPI description and compares the answers with it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pythonPackage } from './python-packages.ts';
import { temporaryFolder } from './temporary.ts';

const SCHEMATHESIS = { name: 'schemathesis', version: '4.32.5' };

interface Run {
  /** Requests that are made up for each route, beside those of the examples and of the limits of each parameter. */
  readonly examples: number;
  /** The same requests in each run. */
  readonly seed?: number;
}

/** @throws Error with the whole report, which has the seed and a request to repeat for each finding */
export async function examineApi(apiUrl: string, { examples, seed }: Run): Promise<string> {
  const folder = await pythonPackage(SCHEMATHESIS);
  const flags = [
    // Which parameters exclude each other, and what the cursor of a page is, a description cannot say.
    '--checks all --exclude-checks positive_data_acceptance',
    // It never ends.
    '--exclude-path /api/v1/live',
    // A busy machine may take long to answer.
    '--continue-on-failure --no-color --generation-database none --request-timeout 120',
  ].flatMap(each => each.split(' '));
  const amount = [
    '--max-examples',
    String(examples),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ];
  const description = `${apiUrl}/api/v1/openapi.json`;
  const args = [join(folder, 'bin', 'schemathesis'), 'run', description, ...flags, ...amount];
  const env = {
    ...process.env,
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    // No proxy stands between it and a server of this machine.
    NO_PROXY: '127.0.0.1',
  };
  return new Promise((resolve, reject) => {
    execFile('python3', args, { cwd: temporaryFolder(), env, maxBuffer: 64 << 20 }, (error, out, err) => {
      if (error === null) resolve(out);
      else reject(new Error(`schemathesis:\n${out}${err}`, { cause: error }));
    });
  });
}
