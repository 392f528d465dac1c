/**
 * Bundles the Temporal workflows at build time, so that workers need not bundle them at every start.
 * Arguments: the compiled src/workflows/index.js, and the file to write.
 */
import { writeFile } from 'node:fs/promises';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';

const [workflowsPath = '', target = ''] = process.argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
await writeFile(target, code);
