import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { obtainChromium } from '../../../dev/bootstrap/chromium.mjs';
import { createProgress } from '../../../dev/bootstrap/progress.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

describe('obtainChromium', () => {
  it('returns the first Chromium on PATH that runs', async () => {
    const folder = temporaryFolder();
    // On Ubuntu this can be a stub that only points to snap.
    writeFileSync(join(folder, 'chromium'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    writeFileSync(join(folder, 'google-chrome'), '#!/bin/sh\n', { mode: 0o755 });
    const progress = createProgress({ write: () => true });
    const path = await obtainChromium({ root: folder, progress, env: { PATH: folder } });
    expect(path).toBe(join(folder, 'google-chrome'));
  });
});
