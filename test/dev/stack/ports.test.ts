import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { choosePorts, isTaken } from '../../../dev/stack/ports.ts';

async function listen(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const wish = (port: number, variable = 'STACK_POSTGRES_PORT', server = 'Postgres') => ({
  server,
  variable,
  port,
});

describe('choosePorts', () => {
  it('gives every 0 its own free port', async () => {
    const ports = await choosePorts({ a: wish(0), b: wish(0), c: wish(0), d: wish(0) });
    expect(new Set(Object.values(ports)).size).toBe(4);
    for (const port of Object.values(ports)) expect(await isTaken(port)).toBe(false);
  });

  it.each(['127.0.0.1', '0.0.0.0'])(
    'names a port taken on %s, the process that holds it, and the setting that changes it',
    async host => {
      const port = await listen(host);
      const choosing = choosePorts({ a: wish(port) });
      await expect(choosing).rejects.toThrow(`Port ${port} for Postgres is taken by process ${process.pid}`);
      await expect(choosing).rejects.toThrow(`STACK_POSTGRES_PORT=${port + 1}`);
    },
  );

  it('reports all taken ports together', async () => {
    const [one, two] = [await listen('127.0.0.1'), await listen('127.0.0.1')];
    const choosing = choosePorts({ a: wish(one, 'STACK_S3_PORT'), b: wish(two, 'STACK_POSTGRES_PORT') });
    await expect(choosing).rejects.toThrow(/STACK_S3_PORT=[\s\S]*STACK_POSTGRES_PORT=/);
  });

  it('refuses the same port for two servers', async () => {
    const { a: port } = await choosePorts({ a: wish(0) });
    const choosing = choosePorts({ a: wish(port, 'STACK_S3_PORT'), b: wish(port, 'STACK_POSTGRES_PORT') });
    await expect(choosing).rejects.toThrow(`STACK_S3_PORT and STACK_POSTGRES_PORT are both ${port}`);
  });
});
