/**
 * Every code of a PipelineError, with what it means and what to do about it. The types come from here, and so does the
 * table of codes in docs/troubleshooting.md. In Temporal's Web UI a code is the type of a failure: `storage_denied` is
 * `StorageDenied` there.
 */
export const ERROR_CODES = {
  bad_configuration: {
    cause: 'A setting, a flag, or a right in the database is not as it has to be.',
    remedy: 'Change what the message names, and restart the process.',
  },
  bronze_expired: {
    cause:
      'Parts that were counted have been deleted, so that a rebuild would count less than gold has already.',
    remedy:
      'Nothing, if the counts are to stay. To count again what Wikimedia has, run the backfill that the message names.',
  },
  bucket_unavailable: {
    cause: 'The bucket does not exist and cannot be created, or its name is refused.',
    remedy: 'Create it by hand, or correct BUCKET.',
  },
  conditional_write_unsupported: {
    cause: 'The S3 endpoint ignores If-None-Match or If-Match, which keep two writers apart.',
    remedy: 'Use an endpoint with conditional writes.',
  },
  cursor_refused: {
    cause: 'The Action API no longer accepts the position at which a page of changes continues.',
    remedy: 'Nothing: the backfill reads the window again from its start.',
  },
  dump_missing: {
    cause: 'The history dumps have no file for this wiki and month.',
    remedy: 'Backfill the range from another source, or leave the wiki out.',
  },
  dump_unreadable: {
    cause: 'A dump file is damaged, or is not what its name says.',
    remedy: 'Start the backfill again; if it fails at the same file, choose another source.',
  },
  fenced: {
    cause: 'Another ingest workflow has begun to write to this bucket, and the later one wins.',
    remedy: 'Run one ingest workflow per bucket. The message names the other one.',
  },
  invalid_input: {
    cause: 'The input of a workflow or command has a field that is missing or wrong.',
    remedy: 'Correct the field that the message names; it has an example.',
  },
  lifecycle_unsupported: {
    cause: 'The S3 endpoint has no lifecycle rules.',
    remedy: 'Delete old objects with a scheduled job of your own.',
  },
  listing_unsupported: {
    cause:
      'Listings of the S3 endpoint lack what was just written, or begin before the key they are to begin after.',
    remedy: 'Use an endpoint that lists as S3 does.',
  },
  log_shortened: {
    cause: 'The commit log has fewer records than ingest has been told of.',
    remedy: 'Check that BUCKET is the same as before; otherwise restore the records, or start ingest again.',
  },
  no_days: {
    cause: 'Gold is in Postgres only, where nothing is compacted by day.',
    remedy: 'Start the worker with GOLD=s3 or GOLD=postgres,s3, or do not start compactDay.',
  },
  not_s3: {
    cause: 'A web server or a proxy has answered in the place of S3.',
    remedy: 'Correct AWS_ENDPOINT_URL: the port of the S3 interface, not the one of a console.',
  },
  object_changed: {
    cause: 'An object of gold was replaced while it was read.',
    remedy: 'Nothing: the read is repeated.',
  },
  object_exists: {
    cause: 'An object that was to be created is there already.',
    remedy: 'Nothing: the writer continues behind it.',
  },
  object_missing: {
    cause: 'A part that was asked for is not in the bucket.',
    remedy: 'Check the key and BUCKET. A backfill can fetch the hour again.',
  },
  object_unreadable: {
    cause: 'An object under one of our prefixes is damaged, or somebody else has written it.',
    remedy: 'Restore it from an earlier version, or do what the message says about its kind.',
  },
  older_project_running: {
    cause: 'The older project is still counting in this database.',
    remedy: 'Stop it; reading starts by itself once it has been quiet for a quarter of an hour.',
  },
  postgres_unavailable: {
    cause: 'Postgres cannot be reached, or refuses a statement.',
    remedy: 'See the rows about Postgres above.',
  },
  source_refused: {
    cause: 'Wikimedia, or the server set in its place, refuses a request.',
    remedy: 'See the rows about the sources above. Unless the address can never work, it is asked again.',
  },
  source_unreachable: {
    cause: 'Wikimedia, or the server set in its place, does not answer, or asks to wait.',
    remedy: 'Nothing if it passes: it is asked again, with longer pauses. Otherwise check the network.',
  },
  storage_denied: {
    cause: 'S3 refuses the keys, or the keys lack a permission.',
    remedy: 'See the rows about S3 above.',
  },
  storage_refused: {
    cause: 'S3 rejects a request whatever the keys: another region, a redirect, or something it cannot do.',
    remedy: 'See the rows about S3 above.',
  },
  storage_unavailable: {
    cause: 'S3 cannot be reached, is overloaded, or answers with an error that time can repair.',
    remedy: 'Nothing if it passes: the request is repeated. Otherwise check the endpoint.',
  },
  temporal_unavailable: {
    cause: 'Temporal does not answer, or lacks the namespace or the search attributes.',
    remedy: 'See the rows about Temporal above.',
  },
} as const satisfies Readonly<Record<string, { readonly cause: string; readonly remedy: string }>>;

export type ErrorCode = keyof typeof ERROR_CODES;
