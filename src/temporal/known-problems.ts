/** What can be wrong with Temporal, and what to do about it. */
import type { KnownProblems, Words } from '../contracts/known-problems.ts';

export const temporalProblems = {
  unreachable: {
    shows: ({ address }: Words<'address'>) => `Temporal at ${address} does not answer`,
    cause:
      'No server runs there, TLS or the API key does not fit, or a proxy (`https_proxy`) does not let gRPC through.',
    remedy: 'Start one with `npm run stack`, or correct TEMPORAL_ADDRESS.',
  },
  noNamespace: {
    shows: ({ namespace }: Words<'namespace'>) => `Temporal has no namespace ${namespace}`,
    remedy: ({ namespace }: Words<'namespace'>) =>
      `Create it: temporal operator namespace create --namespace ${namespace}; or correct TEMPORAL_NAMESPACE.`,
  },
  noCloudNamespace: {
    shows: '… on Temporal Cloud',
    cause: 'The name lacks its account, or the API key belongs to another one.',
    remedy:
      'Create it in the Cloud UI or with tcld namespace create, or correct TEMPORAL_NAMESPACE, which has the form name.account.',
  },
  noAttributes: {
    shows: ({ namespace }: Words<'namespace'>) =>
      `Cannot create the search attributes of namespace ${namespace}`,
    cause: 'They are missing, and the key of the worker may not create them.',
    remedy: ({ commands }: Words<'commands'>) => `Create them by hand: ${commands}`,
  },
  noBackfillAttributes: {
    shows: 'backfills cannot be found by wiki',
    cause: 'Search attributes of backfills are missing. Everything works except finding backfills by them.',
    remedy: ({ commands }: Words<'commands'>) => `create the attributes by hand and restart: ${commands}`,
  },
  otherTypes: {
    shows: 'backfills cannot be found by wiki: a search attribute has another type in this namespace',
    cause: 'Another program has created an attribute of the same name.',
    remedy: 'Nothing has to be done. To find backfills by wiki, use a namespace of your own.',
  },
  noWorker: {
    shows: 'no worker is running: every run waits',
    remedy: 'Start one: npm run worker',
  },
  unservedQueues: {
    shows: ({ queues }: Words<'queues'>) => `no worker serves ${queues}: work for them waits`,
    cause: 'The worker of these queues has ended, or was started for other ones.',
    remedy: 'Start one: npm run worker',
  },
  noAnswer: {
    shows: ({ seconds }: Words<'seconds'>) => `no answer within ${seconds} s`,
    cause: 'In `GET /api/v1/pipeline`: no worker answers queries, or Temporal is slow.',
    remedy: 'Check with `npm run doctor` that Temporal answers and that a worker runs.',
  },
} satisfies KnownProblems;
