import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { obtainChromium } from '../../../dev/bootstrap/chromium.mjs';
import { createProgress } from '../../../dev/bootstrap/progress.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

describe('chromium', () => {
  it('is the first on PATH that runs', async () => {
    const folder = temporaryFolder();
    // Ubuntu has a placeholder of this name that only says to use snap.
    writeFileSync(join(folder, 'chromium'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    writeFileSync(join(folder, 'google-chrome'), '#!/bin/sh\n', { mode: 0o755 });
    const progress = createProgress({ write: () => true });
    const path = await obtainChromium({ root: folder, progress, env: { PATH: folder } });
    expect(path).toBe(join(folder, 'google-chrome'));
  });
});
