/**
 * Bundles the Temporal workflows once, at build time, instead of at every start of a worker.
 * Arguments: the compiled registration list, the file to write.
 */
import { writeFile } from 'node:fs/promises';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';

const [workflowsPath = '', target = ''] = process.argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
await writeFile(target, code);
