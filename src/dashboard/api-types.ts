/**
 * ⑧ Questions and answers of the API. Generated from its OpenAPI description by scripts/docs.mjs: change the schemas of
 * the API, then run `npm run docs:gen`.
 */

/** What can be asked, by method and path. */
export interface Operations {
  /** Wikis with counts, most recently active first */
  'GET /wikis': {
    readonly path: undefined;
    readonly query: {
      /** Maximum number of wikis to return. */
      readonly limit?: number;
    };
    readonly body: undefined;
    readonly answer: readonly string[];
  };
  /** Edits per minute of a wiki */
  'GET /edits': {
    readonly path: undefined;
    readonly query: {
      /** Database name of the wiki. */
      readonly wiki?: string;
      /** How many UTC minutes to return, counted back from and including the current one. */
      readonly minutes?: number;
    };
    readonly body: undefined;
    readonly answer: readonly Schemas['Minute'][];
  };
  /** Counts of wikis by steps of time */
  'GET /api/v1/series': {
    readonly path: undefined;
    readonly query: {
      /** Database names of 1 to 5 wikis, comma separated, or `all` for all wikis together. */
      readonly wiki: string;
      /** Start. The first bucket is the one that contains it. */
      readonly from?: string;
      /** End, exclusive. The last bucket is the one before it, or the one that contains it. */
      readonly to?: string;
      /** Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one; 180 by default. */
      readonly minutes?: number;
      /** Length of a bucket. `auto`: the finest step of at most 600 buckets. */
      readonly step?: 'auto' | '1m' | '5m' | '15m' | '1h' | '1d';
      /** `json`: a column for each number. `csv` and `ndjson`: a line for each bucket of each wiki. */
      readonly format?: 'json' | 'csv' | 'ndjson';
    };
    readonly body: undefined;
    readonly answer: Schemas['Series'];
  };
  /** Wikis with their names and their activity */
  'GET /api/v1/wikis': {
    readonly path: undefined;
    readonly query: {
      /** Words, each a part of the database name, a name, the language or the domain. Case and accents do not matter. */
      readonly q?: string;
      /** `activity`: most edits in the window first. `name`: by database name. */
      readonly sort?: 'activity' | 'name';
      /** How far back edits are counted, in minutes or hours, including the current minute. */
      readonly window?: string;
      /** Maximum number of wikis to return. */
      readonly limit?: number;
      /** The last so many minutes of each of the first 20 wikis too. */
      readonly sparkline?: number;
      /** The last wiki of the previous page. Only with `sort=name`. */
      readonly after?: string;
    };
    readonly body: undefined;
    readonly answer: readonly Schemas['Wiki'][];
  };
  /** The newest minutes as they come */
  'GET /api/v1/live': {
    readonly path: undefined;
    readonly query: {
      /** Database names of 1 to 5 wikis, comma separated, or `all` for all wikis together. */
      readonly wiki: string;
    };
    readonly body: undefined;
    readonly answer: unknown;
  };
  /** What is known of the minutes of a wiki */
  'GET /api/v1/coverage': {
    readonly path: undefined;
    readonly query: {
      /** Database name of a wiki, or `all` for all wikis together. */
      readonly wiki: string;
      /** Start. */
      readonly from?: string;
      /** End, exclusive. */
      readonly to?: string;
      /** Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one; 180 by default. */
      readonly minutes?: number;
    };
    readonly body: undefined;
    readonly answer: Schemas['CoverageOfWiki'];
  };
  /** How many edits are usual */
  'GET /api/v1/expectation': {
    readonly path: undefined;
    readonly query: {
      /** Database names of 1 to 5 wikis, comma separated, or `all` for all wikis together. */
      readonly wiki: string;
      /** Start. */
      readonly from?: string;
      /** End, exclusive. */
      readonly to?: string;
      /** Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one; 180 by default. */
      readonly minutes?: number;
      /** Length of the buckets. `auto` gives as many as a chart can show. */
      readonly step?: 'auto' | '1m' | '5m' | '15m' | '1h' | '1d';
    };
    readonly body: undefined;
    readonly answer: Schemas['Expectation'];
  };
  /** When wikis had many more edits than usual */
  'GET /api/v1/anomalies': {
    readonly path: undefined;
    readonly query: {
      /** Database name of a wiki; absent, or `all`: of every wiki. */
      readonly wiki?: string;
      /** Whose edits: those of people, of bots, or of both. */
      readonly account?: 'all' | 'human' | 'bot';
      /** Start; at most 31 days before `to`. */
      readonly from?: string;
      /** End, exclusive. */
      readonly to?: string;
      /** Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one; a week by default. */
      readonly minutes?: number;
    };
    readonly body: undefined;
    readonly answer: Schemas['Anomalies'];
  };
  /** Why a wiki had the edits that it had */
  'GET /api/v1/explain': {
    readonly path: undefined;
    readonly query: {
      /** Database name of a wiki, or `all` for all wikis together. */
      readonly wiki: string;
      /** Start. */
      readonly from: string;
      /** End, exclusive; at most 60 minutes after `from`. */
      readonly to: string;
    };
    readonly body: undefined;
    readonly answer: Schemas['Explanation'];
  };
  /** Ranges where the source lost data */
  'GET /api/v1/gaps': {
    readonly path: undefined;
    readonly query: {
      /** How many UTC minutes to return, counted back from and including the current one. */
      readonly minutes?: number;
      /** Database name of a wiki. */
      readonly wiki?: string;
    };
    readonly body: undefined;
    readonly answer: readonly Schemas['Gap'][];
  };
  /** What the rebuilds of hours found */
  'GET /api/v1/hours': {
    readonly path: undefined;
    readonly query: {
      /** Start. An hour that it lies in is included. */
      readonly from?: string;
      /** End, exclusive. */
      readonly to?: string;
      /** Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one. Without any of them: a week. */
      readonly minutes?: number;
      /** How many to return. */
      readonly limit?: number;
      /** `next` of the page before. */
      readonly after?: string;
    };
    readonly body: undefined;
    readonly answer: Schemas['AuditedHours'];
  };
  /** What the counts of an hour are from, in a form that one can cite */
  'GET /api/v1/hours/{hour}': {
    readonly path: {
      /** The UTC hour. */
      readonly hour: string;
    };
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['HourCertificate'];
  };
  /** Ranges filled by backfills */
  'GET /api/v1/backfills': {
    readonly path: undefined;
    readonly query: {
      /** How many UTC minutes to return, counted back from and including the current one. */
      readonly minutes?: number;
      /** Database name of a wiki. */
      readonly wiki?: string;
    };
    readonly body: undefined;
    readonly answer: readonly Schemas['Backfill'][];
  };
  /** Starts a backfill */
  'POST /api/v1/backfills': {
    readonly path: undefined;
    readonly query: undefined;
    readonly body: Schemas['BackfillInput'];
    readonly answer: Schemas['StartedBackfill'];
  };
  /** Backfills that run, with their progress, and those that have ended */
  'GET /api/v1/backfills/runs': {
    readonly path: undefined;
    readonly query: {
      /** Only those that run, or only those that have ended. */
      readonly status?: string;
      /** How many to return. */
      readonly limit?: number;
      /** `next` of the page before. */
      readonly after?: string;
    };
    readonly body: undefined;
    readonly answer: Schemas['BackfillRuns'];
  };
  /** Finishes the windows under way, then waits */
  'POST /api/v1/backfills/{id}/pause': {
    readonly path: {
      /** Id of the backfill. */
      readonly id: string;
    };
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['ControlledBackfill'];
  };
  /** Goes on where it paused */
  'POST /api/v1/backfills/{id}/resume': {
    readonly path: {
      /** Id of the backfill. */
      readonly id: string;
    };
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['ControlledBackfill'];
  };
  /** Counts what was fetched, then ends */
  'POST /api/v1/backfills/{id}/cancel': {
    readonly path: {
      /** Id of the backfill. */
      readonly id: string;
    };
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['ControlledBackfill'];
  };
  /** Health of the service */
  'GET /healthz': {
    readonly path: undefined;
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['Healthy'];
  };
  /** Origin and freshness of the counts */
  'GET /api/v1/status': {
    readonly path: undefined;
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['Status'];
  };
  /** How ingest and running backfills are doing */
  'GET /api/v1/pipeline': {
    readonly path: undefined;
    readonly query: undefined;
    readonly body: undefined;
    readonly answer: Schemas['Pipeline'];
  };
  /** What was unusual, as Atom */
  'GET /feeds/anomalies.atom': {
    readonly path: undefined;
    readonly query: {
      /** Whether anomalies of bots are in it: bots come in runs, and most of them are no news. */
      readonly bots?: 'leave' | 'include';
    };
    readonly body: undefined;
    readonly answer: unknown;
  };
  /** What was unusual, as JSON Feed */
  'GET /feeds/anomalies.json': {
    readonly path: undefined;
    readonly query: {
      /** Whether anomalies of bots are in it: bots come in runs, and most of them are no news. */
      readonly bots?: 'leave' | 'include';
    };
    readonly body: undefined;
    readonly answer: unknown;
  };
  /** What was unusual in a wiki, as Atom */
  'GET /feeds/{wiki}.atom': {
    readonly path: {
      /** Database name of a wiki. */
      readonly wiki: string;
    };
    readonly query: {
      /** Whether anomalies of bots are in it: bots come in runs, and most of them are no news. */
      readonly bots?: 'leave' | 'include';
    };
    readonly body: undefined;
    readonly answer: unknown;
  };
  /** What was unusual in a wiki, as JSON Feed */
  'GET /feeds/{wiki}.json': {
    readonly path: {
      /** Database name of a wiki. */
      readonly wiki: string;
    };
    readonly query: {
      /** Whether anomalies of bots are in it: bots come in runs, and most of them are no news. */
      readonly bots?: 'leave' | 'include';
    };
    readonly body: undefined;
    readonly answer: unknown;
  };
}

/** Values that have a name in the description. */
export interface Schemas {
  /** A part of bronze that was added to the rows of an hour since its last rebuild. */
  readonly AddedPart: {
    /** Its key in the bucket. */
    readonly key: string;
    /** Who wrote it: ingest, a replay of dead letters, a backfill, or an older project. */
    readonly source:
      'stream' | 'replay' | 'backfill_stream' | 'backfill_api' | 'backfill_dump' | 'older_project';
  };
  /** Anomalies that touch a range. The worker looks for them every five minutes. */
  readonly Anomalies: {
    /** Start of the range. */
    readonly from: string;
    /** Its end. */
    readonly to: string;
    /** By start. */
    readonly anomalies: readonly Schemas['Anomaly'][];
  };
  /** A range of time in which a wiki had many more edits than usual. */
  readonly Anomaly: {
    /** Stable. */
    readonly id: string;
    /** The same for anomalies of five wikis or more that began within an hour: they are one event. */
    readonly event: string;
    readonly wiki: string;
    /** Whose edits. */
    readonly account: 'human' | 'bot';
    /** When it began. */
    readonly from: string;
    /** Null while it lasts. */
    readonly to: string | null;
    /** When it was noticed. */
    readonly noticedAt: string;
    /** Up to where edits are counted here. */
    readonly countedTo: string;
    /** Edits since it began. */
    readonly edits: number;
    /** Edits that were expected. */
    readonly expected: number;
    /** How many times as many as expected. */
    readonly factor: number;
    readonly peak: Schemas['AnomalyPeak'];
    readonly reason?: Schemas['AnomalyReason'];
  };
  /** The window of 5, 15 or 60 minutes that was furthest from its expectation. */
  readonly AnomalyPeak: {
    /** Start of the window. */
    readonly from: string;
    /** Its end. */
    readonly to: string;
    /** Edits in it. */
    readonly edits: number;
    /** Edits that were expected. */
    readonly expected: number;
    /** How many times as many as expected. */
    readonly factor: number;
  };
  /** Why, as far as it was found when the events were still there. Of the peak. */
  readonly AnomalyReason: {
    /** As `cause.kind` of an explanation. */
    readonly kind: string;
    readonly sentence: string;
  };
  /** What the last rebuild of an hour found. */
  readonly AuditedHour: {
    /** The UTC hour. */
    readonly hour: string;
    /** Whether no more events are expected. */
    readonly sealed: boolean;
    /** When it was counted. A later rebuild that found the same does not change it, where there are digests. */
    readonly rebuiltAt: string;
    /** Parts of bronze that were counted. */
    readonly parts: number;
    /** Events in them, of every type. */
    readonly events: number;
    /** Events of a counted type. */
    readonly edits: number;
    /** Edits, each revision once: what the rows add up to. */
    readonly distinctEdits: number;
    /** Edits whose revision an earlier line or part had already. */
    readonly duplicates: number;
    /** Events that were sent after the hour had been given up waiting for. */
    readonly late: number;
    /** Lines that are no usable event. */
    readonly unusable: number;
    /** Rows that the rebuild had to correct; 0 unless something was wrong. */
    readonly changedRows: number;
    /** Gaps of the stream that overlapped the hour. */
    readonly gaps: number;
    readonly read?: Schemas['PartRead'];
    /** Rows of earlier minutes are those of an older project, and were kept. */
    readonly olderRowsBefore?: string;
    /** Whether it is known what was counted. False for hours that earlier versions have rebuilt. */
    readonly digests: boolean;
    readonly expectation?: Schemas['HourExpectation'];
  };
  /** One page of hours. */
  readonly AuditedHours: {
    /** The latest comes first. Hours that were never rebuilt, as the current one, are left out. */
    readonly hours: readonly Schemas['AuditedHour'][];
    /** Value of `after` for the next page. */
    readonly next?: string;
  };
  /** A range that a backfill has filled. */
  readonly Backfill: {
    readonly from: string;
    /** Exclusive. */
    readonly to: string;
    /** `stream`: EventStreams, read again. `api`: the Action API. `dump`: the mediawiki_history dumps. */
    readonly source: 'stream' | 'api' | 'dump';
    /** What `bot` means for these edits. `change`: the edit was marked as a bot edit. `account`: the account is a bot. */
    readonly bot: 'change' | 'account';
    /** Absent: every wiki that is kept. */
    readonly wikis?: readonly string[];
  };
  /** Without hours, from and to: as many hours as `hours` has by default. */
  readonly BackfillInput: {
    /** How many hours to go back. Give this, or from and to: a whole number of hours from 1 to 87600. */
    readonly hours?: number;
    /** Start of the range, widened to a whole hour. */
    readonly from?: string;
    /** End of the range, exclusive. Absent: now. */
    readonly to?: string;
    /** Wikis by database name. Absent: every wiki that is kept. */
    readonly wikis?: readonly string[];
    /** `auto` takes the cheapest source that has an hour. */
    readonly source?: 'auto' | 'stream' | 'api' | 'dump';
    /** How many wikis to fetch at once. */
    readonly concurrency?: number;
  };
  /** How far a backfill has come. Unknown fields are absent. */
  readonly BackfillProgress: {
    /** `planning`, `reading`, `rebuilding`, `paused`, `done`. Absent when no worker answers. */
    readonly state?: string;
    readonly waitingFor?: string;
    /** Start of its range. */
    readonly from?: string;
    /** End of its range. */
    readonly to?: string;
    /** Hours of wikis that are read, with the parts of windows under way. */
    readonly done?: number;
    /** Hours of wikis in total. */
    readonly total?: number;
    /** When everything will be read, at the present rate. */
    readonly eta?: string;
    /** Rows that are stored. */
    readonly rows?: number;
    /** Hours that wait to be rebuilt. */
    readonly toRebuild?: number;
    /** What is read at the moment. */
    readonly running?: readonly Schemas['BackfillWindow'][];
  };
  /** One backfill. `source`, `wikis` and `from` are absent where the namespace does not index them; `progress` is that of a run that runs. */
  readonly BackfillRun: {
    /** Its workflow id. */
    readonly id: string;
    /** `running`, `completed`, `failed`, `cancelled`, `terminated` or `timed_out`. */
    readonly status: string;
    /** When it started, or its chain went on as a new run. */
    readonly startedAt: string;
    /** When it ended. */
    readonly endedAt?: string;
    /** The source that was asked for. */
    readonly source?: string;
    /** At most 50 of them. Absent: every wiki that is kept. */
    readonly wikis?: readonly string[];
    /** Where its range begins. */
    readonly from?: string;
    readonly progress?: Schemas['BackfillProgress'];
  };
  /** One page of backfills. */
  readonly BackfillRuns: {
    /** Those that run come first, then the latest to end. */
    readonly runs: readonly Schemas['BackfillRun'][];
    /** Value of `after` for the next page. */
    readonly next?: string;
  };
  /** A range of a source that is read at the moment. */
  readonly BackfillWindow: {
    readonly source: string;
    /** Absent for the stream. */
    readonly wiki?: string;
    /** Where it begins. */
    readonly from: string;
    /** Where it ends. */
    readonly to: string;
    /** How much of it is read. */
    readonly share?: number;
  };
  /** A part of an hour that a backfill has filled. */
  readonly BackfilledRange: {
    /** Start. */
    readonly from: string;
    /** End, exclusive. */
    readonly to: string;
    /** `stream`, `api` or `dump`. */
    readonly source: string;
    /** Of these wikis. Absent: of all of them. */
    readonly wikis?: readonly string[];
  };
  /** Another wiki that was busier at the same time. */
  readonly BusierWiki: {
    readonly wiki: string;
    /** Edits in the range. */
    readonly edits: number;
    /** How many times as many edits a minute as in the rest of the hours that were read. */
    readonly factor: number;
  };
  /** The state of a backfill after a pause, resume or cancel. */
  readonly ControlledBackfill: {
    /** Its workflow id. */
    readonly id: string;
    /** What it does now: `paused`, `planning`, `reading`, `rebuilding`, `done`; or what it will do: `pausing`, `resuming`, `cancelling`. */
    readonly state: string;
  };
  /** A rebuild that changed rows of an hour. */
  readonly Correction: {
    /** Counts the corrections of the hour from 1. */
    readonly nth: number;
    /** When. */
    readonly at: string;
    /** `filled`: counted parts are no longer in bronze, so only rows of a backfill were written. */
    readonly kind: 'rebuilt' | 'filled';
    /** Rows that were added, changed or removed. */
    readonly changedRows: number;
    /** Parts that were counted for the first time, without those of the stream. */
    readonly parts: number;
    readonly reasons: readonly (
      'backfill' | 'replay' | 'older_project' | 'repeated_revisions' | 'rows_differed'
    )[];
  };
  /** A part of bronze that was counted. Without digests only its key and source are known. */
  readonly CountedPart: {
    /** Its key in the bucket. */
    readonly key: string;
    /** Who wrote it: ingest, a replay of dead letters, a backfill, or an older project. */
    readonly source:
      'stream' | 'replay' | 'backfill_stream' | 'backfill_api' | 'backfill_dump' | 'older_project';
    /** Where its events are from. */
    readonly url?: string;
    /** Whether a simulator made them. */
    readonly simulated?: boolean;
    /** Lines that are not empty, one event each. */
    readonly lines?: number;
    /** Uncompressed. */
    readonly bytes?: number;
    /** SHA-256 of the uncompressed lines: `gunzip -c part | sha256sum` prints it. */
    readonly sha256?: string;
  };
  /** What is known of the minutes of a wiki: at most 10080 of them. */
  readonly CoverageOfWiki: {
    readonly wiki: string;
    /** Start of the first segment. */
    readonly from: string;
    /** End of the last segment. Minutes that have not begun are left out. */
    readonly to: string;
    /** Null when already the first minute is not. */
    readonly completeThrough: string | null;
    /** They adjoin, and neighbours differ. */
    readonly segments: readonly Schemas['CoverageSegment'][];
    /** Hours that touch the range and had far fewer edits than usual. Only sealed hours are compared. */
    readonly quiet: readonly Schemas['QuietHour'][];
  };
  /** Minutes that follow each other and of which the same is known. */
  readonly CoverageSegment: {
    /** Start of the first minute. */
    readonly from: string;
    /** End of the last minute. */
    readonly to: string;
    /** `unread`: nobody looked. `gap`: the source lost events, and a count is a lower bound. `pending`: read, but not all of it is in gold yet. `provisional`: all of it is in gold, and its hour may still be corrected. `final`: nothing is expected any more. A minute without edits is 0 only where it is pending, provisional or final. */
    readonly state: 'unread' | 'gap' | 'pending' | 'provisional' | 'final';
    /** `unread`: `not_yet` after all that was read, `never` before or between, `filter` without this wiki, `retention` deleted. `gap`: its cause. `pending`: `parts`, or `live`. `provisional`: `open` hour, `partly` read hour, `not_rebuilt` since its end, parts `added` since. `final`: `rebuilt`. */
    readonly reason: string;
  };
  /** At most 5000 buckets of 5 wikis, with the edges that the series has for the same question. Each is expected from the hours before it alone. */
  readonly Expectation: {
    /** Start of the first bucket, a multiple of the step in UTC. */
    readonly from: string;
    /** End of the last bucket. Buckets that have not begun are left out. */
    readonly to: string;
    /** Length of a bucket in seconds. */
    readonly stepSec: number;
    /** In the order of the question. */
    readonly wikis: readonly Schemas['ExpectedWiki'][];
  };
  /** A number a bucket; null where fewer than three weeks are known of its hour of the week. Hours from the Action API or the dumps do not count. */
  readonly ExpectedBand: {
    /** Edits that are expected. */
    readonly mean: readonly (number | null)[];
    /** Lower edge of the band. */
    readonly low: readonly (number | null)[];
    /** Upper edge: 99 in 100 counts lie in the band. */
    readonly high: readonly (number | null)[];
    /** Variance divided by the mean, at the end of the range. */
    readonly dispersion: number | null;
  };
  /** What is usual of one wiki. */
  readonly ExpectedWiki: {
    readonly wiki: string;
    readonly human: Schemas['ExpectedBand'];
    readonly bot: Schemas['ExpectedBand'];
  };
  /** The account with most changes. Its name is not said anywhere else. */
  readonly ExplainedAccount: {
    /** The list of its changes, on its wiki. Absent for a wiki that the site matrix does not have. */
    readonly url?: string;
    /** Edits, and pages it created. */
    readonly changes: number;
    /** Of all changes. */
    readonly share: number;
    /** Whether the changes have the bot flag. */
    readonly bot: boolean;
  };
  /** The most likely reason, by rules that look at counts alone: it can be wrong. */
  readonly ExplainedCause: {
    /** `bot_run`: bots. `edit_war`: few accounts that restore their versions of a page. `news_burst`: many accounts on the same pages. `spam_wave`: new or unregistered accounts on many pages. `mass_edit`: one account without the bot flag. `many_small_causes`: no page and no account stands out. `no_edits`: nothing changed. `no_parts`: bronze does not have the events any more, or never had them. `unknown`: something else. */
    readonly kind:
      | 'bot_run'
      | 'edit_war'
      | 'news_burst'
      | 'spam_wave'
      | 'mass_edit'
      | 'many_small_causes'
      | 'no_edits'
      | 'no_parts'
      | 'unknown';
    /** Of all changes that it explains. Present where it is a share. */
    readonly share?: number;
    /** Accounts that it is about. */
    readonly accounts?: number;
    readonly page?: Schemas['ExplainedPage'];
  };
  /** One of the pages with most changes. */
  readonly ExplainedPage: {
    readonly wiki: string;
    readonly title: string;
    /** On its wiki. Absent for a wiki that the site matrix does not have. */
    readonly url?: string;
    /** Edits, and its creation. */
    readonly changes: number;
    /** Of all changes. */
    readonly share: number;
    /** Accounts that made them, as far as they are public. */
    readonly accounts: number;
    /** Changes that gave the page a size that it had before: most of them are reverts. */
    readonly restored: number;
    /** Present when it was created then. */
    readonly new?: true;
  };
  /** What a wiki had in a range, and the most likely reason. */
  readonly Explanation: {
    readonly wiki: string;
    readonly from: string;
    /** Exclusive. Minutes that have not begun are left out. */
    readonly to: string;
    /** The reason in words. It names no account. */
    readonly sentence: string;
    readonly cause: Schemas['ExplainedCause'];
    /** Edits that count, each revision once. */
    readonly edits: number;
    /** Those of them with the bot flag. */
    readonly botEdits: number;
    /** Edits and new pages, whether or not new pages count as edits. */
    readonly changes: number;
    /** Sum over the edits that made a page larger. */
    readonly bytesAdded: number;
    /** Sum over the edits that made a page smaller. */
    readonly bytesRemoved: number;
    /** Pages that were created. */
    readonly newPages: number;
    /** Different pages that were changed. */
    readonly pages: number;
    /** Different accounts that changed them, as far as they are public. */
    readonly accounts: number;
    readonly newcomers: Schemas['NewcomerCounts'];
    /** Events of the stream by type. */
    readonly types: readonly Schemas['NamedCount'][];
    /** Entries of public logs by kind, such as `block`. */
    readonly logs: readonly Schemas['NamedCount'][];
    /** Tags of changes. Events of the stream have none. */
    readonly tags: readonly Schemas['NamedCount'][];
    /** Most changes first, 10 at most. */
    readonly topPages: readonly Schemas['ExplainedPage'][];
    readonly busiestAccount?: Schemas['ExplainedAccount'];
    /** Most edits first, 10 at most. None where less than 15 minutes of the hours are outside the range. */
    readonly busierWikis: readonly Schemas['BusierWiki'][];
    /** Parts of bronze that the hours have. */
    readonly parts: number;
    /** Those that could not be read, or not to their end, so that something is missing here. */
    readonly unreadParts: number;
    /** Whether any of the events are simulated. */
    readonly simulated: boolean;
  };
  /** An hour whose parts cannot be added to gold at the moment. */
  readonly FailingHour: {
    readonly hour: string;
    /** Parts that have failed and are tried again. */
    readonly parts: number;
    /** Of the part that was tried most often. */
    readonly attempt: number;
    /** Why it failed, and what to do. */
    readonly failure: string;
  };
  /** Who wrote it. */
  readonly FeedAuthor: { readonly name: string };
  /** An event: an anomaly, or those of five wikis or more that began together. */
  readonly FeedItem: {
    readonly id: string;
    /** The chart. */
    readonly url: string;
    readonly title: string;
    readonly content_text: string;
    /** When it was noticed. */
    readonly date_published: string;
    /** When it was looked at last. */
    readonly date_modified: string;
    /** Kinds of reasons. */
    readonly tags?: readonly string[];
  };
  /** A range in which the source lost data. */
  readonly Gap: {
    /** Stable across requests. */
    readonly id: string;
    /** `offsets`: the topic skipped offsets. `retention`: the missing events are older than the source keeps. `log_lost`: the commit log was lost, and reading restarted. `handover`: an older project stopped reading within this range, and wikigauge started at its end. */
    readonly cause: 'offsets' | 'retention' | 'log_lost' | 'handover';
    /** Present when only one topic has the gap. */
    readonly topic?: string;
    /** Edits are missing from here. */
    readonly from: string;
    /** Nothing is missing from here on. */
    readonly to: string;
    /** Missing messages, over all wikis. Present when offsets show the number. */
    readonly missing?: number;
    readonly backfill: Schemas['GapBackfill'];
  };
  /** The whole UTC hours that close the gap. */
  readonly GapBackfill: {
    readonly from: string;
    /** Exclusive. */
    readonly to: string;
    /** Shell command that fills them. */
    readonly command: string;
    /** Id of a backfill that runs over the whole gap, for the wikis asked about. Absent while none does, or when Temporal cannot say in time. */
    readonly running?: string;
  };
  /** The rows that gold has now, with those added since. */
  readonly GoldRows: {
    /** Rows. */
    readonly rows: number;
    /** The sum of their edits. */
    readonly edits: number;
    /** The sum of their changes in bytes. */
    readonly bytesChange: number;
  };
  /** Gold responds. */
  readonly Healthy: { readonly ok: true };
  /** What the counts of an hour are from, and what they are worth. */
  readonly HourCertificate: {
    /** Of this form. */
    readonly version: 1;
    /** The UTC hour. */
    readonly hour: string;
    /** Start of the hour. */
    readonly from: string;
    /** End of the hour, exclusive. */
    readonly to: string;
    /** `open`: not rebuilt yet. `rebuilt`: counted as a whole, and more may come. `sealed`: counted as a whole, and nothing more is expected. */
    readonly state: 'open' | 'rebuilt' | 'sealed';
    /** When it was counted. A later rebuild that found the same does not change it. */
    readonly rebuiltAt?: string;
    readonly counts?: Schemas['HourCounts'];
    /** Rows that the last rebuild had to correct. */
    readonly changedRows?: number;
    /** Rows of earlier minutes are those of an older project, and were kept. */
    readonly olderRowsBefore?: string;
    readonly rows?: Schemas['RebuiltRows'];
    readonly gold?: Schemas['GoldRows'];
    /** In which parts of the hour the stream was read, as the commit log says. */
    readonly read: readonly Schemas['ReadRange'][];
    /** Which parts of the hour backfills have filled. */
    readonly backfilled: readonly Schemas['BackfilledRange'][];
    /** What the stream lost in the hour, also where a backfill has filled it. */
    readonly gaps: readonly Schemas['LostRange'][];
    /** Where the events that were counted lie in Kafka. An hour is by event time, so ranges of neighbouring hours overlap a little. */
    readonly offsets: readonly Schemas['OffsetRange'][];
    /** In the order of counting: the first one with a revision decides. */
    readonly parts: readonly Schemas['CountedPart'][];
    /** Parts that were added to the rows since the last rebuild. */
    readonly added: readonly Schemas['AddedPart'][];
    /** The latest 100, oldest first. `backfill`, `replay`, `older_project`: parts were counted that gold had not. `repeated_revisions`: a revision came in several events, and had been counted more than once. `rows_differed`: none of these, so the rows were not those of their parts. */
    readonly corrections: readonly Schemas['Correction'][];
    readonly expectation?: Schemas['HourExpectation'];
    /** What this certificate cannot say, and why. */
    readonly unknown: readonly Schemas['UnknownField'][];
    /** Names this certificate: SHA-256 of all other fields as JSON without blanks, with the names of each object sorted (RFC 8785). */
    readonly digest: string;
  };
  /** What the last rebuild of an hour counted. */
  readonly HourCounts: {
    /** Parts of bronze that were counted. */
    readonly parts: number;
    /** Events in them, of every type. */
    readonly events: number;
    /** Events of a counted type. */
    readonly edits: number;
    /** Edits, each revision once: what the rows add up to. */
    readonly distinctEdits: number;
    /** Edits whose revision an earlier line or part had already. */
    readonly duplicates: number;
    /** Events that were sent after the hour had been given up waiting for. */
    readonly late: number;
    /** Lines that are no usable event. */
    readonly unusable: number;
  };
  /** How an hour compares with what is usual. */
  readonly HourExpectation: {
    /** Of all wikis together. `quiet`: less than half of the edits expected, and so few are no chance. `too_small`: too few are expected to say. `not_enough_history`: fewer than three weeks are known. */
    readonly state: 'as_usual' | 'quiet' | 'too_small' | 'not_enough_history';
    /** Edits by people. Bots pause, and nothing is wrong. */
    readonly edits: number;
    /** How many were expected at least. */
    readonly expected?: number;
    /** Edits divided by those expected. */
    readonly factor?: number;
    /** How many wikis have enough edits to be judged: 100 are expected in the hour. */
    readonly wikis: number;
    /** Those of them that were quiet, by name. */
    readonly quiet: readonly Schemas['QuietWiki'][];
    /** When it was compared, after the hour was sealed or rebuilt. */
    readonly judgedAt: string;
  };
  /** The run of ingest. */
  readonly IngestState: {
    readonly workflowId: string;
    /** Of the run: `running`, `completed`, `failed`, `cancelled`, `terminated`, … or `never_started`. */
    readonly status: string;
    /** What it does: `streaming`, `troubled`, `flushing`, `paused`, `stopping`; once it has ended: `done`, `canceled`, `failed`. Absent of a run that was terminated. */
    readonly stage?: string;
    readonly waitingFor?: string;
    /** Attempt of the activity that reads the stream. */
    readonly attempt?: number;
    /** Why the run failed or was terminated, or why its last attempt failed. */
    readonly failure?: string;
    /** Oldest first; empty when all is well. */
    readonly troubles: readonly Schemas['Trouble'][];
    /** False when no worker answers for the run. */
    readonly isAnswering: boolean;
  };
  /** JSON Feed 1.1 of the last 14 days. */
  readonly JsonFeed: {
    readonly version: 'https://jsonfeed.org/version/1.1';
    readonly title: string;
    readonly home_page_url: string;
    readonly feed_url: string;
    readonly language: 'en';
    readonly authors: readonly Schemas['FeedAuthor'][];
    /** The latest first, 100 at most. */
    readonly items: readonly Schemas['FeedItem'][];
  };
  /** The latest record of the commit log. */
  readonly LastCommit: {
    /** Of the record in the commit log. */
    readonly sequence: number;
    /** When its newest event was sent. */
    readonly newest?: string;
  };
  /** What the stream lost, also where a backfill has filled it. */
  readonly LostRange: {
    readonly id: string;
    /** As in `/api/v1/gaps`. */
    readonly cause: string;
    readonly topic?: string;
    /** Events are missing from here. */
    readonly from: string;
    /** Nothing is missing from here on. */
    readonly to: string;
    /** Missing messages, where offsets show their number. */
    readonly missing?: number;
  };
  /** Edits of one wiki in one minute. */
  readonly Minute: {
    /** Start of the minute, UTC. */
    readonly ts: string;
    readonly total: number;
    readonly human: number;
    readonly bot: number;
  };
  /** How often something occurs. */
  readonly NamedCount: {
    readonly name: string;
    /** How often. */
    readonly count: number;
  };
  /** Accounts without registration (addresses and temporary accounts), and those that were created in the hours that were read. */
  readonly NewcomerCounts: {
    /** How many there are. */
    readonly accounts: number;
    /** What they changed. */
    readonly changes: number;
  };
  /** Where events that were counted lie in Kafka. */
  readonly OffsetRange: {
    readonly topic: string;
    /** Partition of the topic. */
    readonly partition: number;
    /** The lowest offset. */
    readonly first: number;
    /** The highest offset. */
    readonly last: number;
    /** Events that carry an offset of this partition. */
    readonly events: number;
  };
  /** The part of the hour in which the stream was read. Absent: it was not read at all. */
  readonly PartRead: {
    /** Start. */
    readonly from: string;
    /** End, exclusive. */
    readonly to: string;
  };
  /** How ingest is doing. Unknown fields are absent. */
  readonly Pipeline: {
    /** Clock of the server. */
    readonly now: string;
    readonly temporal: Schemas['TemporalState'];
    readonly ingest?: Schemas['IngestState'];
    /** Age of the newest event that is committed, in seconds. */
    readonly lagSec?: number;
    /** Read on average since the current attempt began. */
    readonly eventsPerSec?: number;
    /** Events that wait for the next flush. */
    readonly buffered?: number;
    readonly lastCommit?: Schemas['LastCommit'];
    /** No older event is expected. */
    readonly watermark?: string;
    readonly openHours?: readonly string[];
    readonly failedHours?: readonly string[];
    /** The newest open hours, if their parts cannot be added to gold at the moment. */
    readonly failingHours?: readonly Schemas['FailingHour'][];
    /** Unusable events, in all runs of the chain. */
    readonly deadLetters?: number;
    /** Those that run, the latest first; at most ten. */
    readonly backfills?: readonly Schemas['RunningBackfill'][];
    readonly links: Schemas['PipelineLinks'];
  };
  /** Absent without TEMPORAL_UI_URL. */
  readonly PipelineLinks: {
    /** The run of ingest in the Temporal Web UI. */
    readonly ingest?: string;
    /** All runs in the Temporal Web UI. */
    readonly workflows?: string;
  };
  /** What went wrong (RFC 9457). */
  readonly Problem: {
    /** URI of the kind of problem; `about:blank` when the status code says everything. */
    readonly type: string;
    readonly title: string;
    readonly status: number;
    /** What happened, and what to change. */
    readonly detail: string;
    /** URN with the id of the request, which the log has too. */
    readonly instance?: string;
    /** Every invalid parameter. */
    readonly errors?: readonly Schemas['WrongParameter'][];
  };
  /** A sealed hour with far fewer edits than usual, although no event is missing: a producer may have stopped. */
  readonly QuietHour: {
    /** The UTC hour. */
    readonly hour: string;
    /** Edits by people. */
    readonly edits: number;
    /** How many were expected at least. */
    readonly expected: number;
    /** Edits divided by those expected. */
    readonly factor: number;
  };
  /** A wiki that had far fewer edits than usual, although no event is missing. */
  readonly QuietWiki: {
    readonly wiki: string;
    /** Edits by people. Bots pause, and nothing is wrong. */
    readonly edits: number;
    /** How many were expected at least. */
    readonly expected: number;
    /** Edits divided by those expected. */
    readonly factor: number;
  };
  /** A part of an hour in which the stream was read. */
  readonly ReadRange: {
    /** Start. */
    readonly from: string;
    /** End, exclusive. */
    readonly to: string;
    /** Whether all that was read is in gold. */
    readonly inGold: boolean;
    /** Of these wikis. Absent: of all of them. */
    readonly wikis?: readonly string[];
  };
  /** The rows that the last rebuild left. */
  readonly RebuiltRows: {
    /** Rows. */
    readonly rows: number;
    /** The sum of their edits. */
    readonly edits: number;
    /** The sum of their changes in bytes. */
    readonly bytesChange: number;
    /** SHA-256 of the lines `ts_minute,wiki,is_bot,edits,bytes_change`, sorted by minute, wiki and bot flag. */
    readonly sha256: string;
  };
  /** A backfill that runs. */
  readonly RunningBackfill: {
    readonly workflowId: string;
    /** `planning`, `reading`, `rebuilding`, `paused`, `done`. Absent when no worker answers. */
    readonly state?: string;
    readonly waitingFor?: string;
    /** Start of its range. */
    readonly from?: string;
    /** End of its range. */
    readonly to?: string;
    /** Hours of wikis that are read, with the parts of windows under way. */
    readonly done?: number;
    /** Hours of wikis in total. */
    readonly total?: number;
    /** When everything will be read, at the present rate. */
    readonly eta?: string;
    /** Rows that are stored. */
    readonly rows?: number;
    /** Hours that wait to be rebuilt. */
    readonly toRebuild?: number;
    /** What is read at the moment. */
    readonly running?: readonly Schemas['BackfillWindow'][];
  };
  /** A bucket is the sum of its known minutes, and null where none is known, never 0. A minute is known if it is pending, provisional or final, and 0 if it has no edits then. An unread minute, or one of a gap, is known only if it has edits: their number is a lower bound. */
  readonly Series: {
    /** Start of the first bucket, a multiple of the step in UTC. */
    readonly from: string;
    /** End of the last bucket. Buckets that have not begun are left out. */
    readonly to: string;
    /** Length of a bucket in seconds. */
    readonly stepSec: number;
    /** Null when already the first minute of one is not. */
    readonly completeThrough: string | null;
    /** The same as long as nothing of the answer changes. */
    readonly version: string;
    /** In the order of the question. */
    readonly wikis: readonly Schemas['WikiSeries'][];
  };
  /** A stream that contributed counts. */
  readonly Source: {
    readonly url: string;
    /** The stream declared its events simulated. */
    readonly simulated: boolean;
  };
  /** A backfill that has started. */
  readonly StartedBackfill: {
    /** Its workflow id. */
    readonly id: string;
    /** Start of its range. */
    readonly from: string;
    /** End of its range, exclusive. */
    readonly to: string;
    readonly source: string;
    /** Absent: every wiki that is kept. */
    readonly wikis?: readonly string[];
  };
  /** Origin and freshness of the counts. */
  readonly Status: {
    readonly version: string;
    /** Where the counts are read from: `postgres`, or `s3` for Parquet files in the bucket. */
    readonly gold: 'postgres' | 's3';
    /** Clock of the server. */
    readonly now: string;
    /** Newest minute with an edit of any wiki. Absent while there are none. */
    readonly lastMinute?: string;
    /** True when at least one source is simulated. */
    readonly simulated: boolean;
    /** Every stream that contributed counts. */
    readonly sources: readonly Schemas['Source'][];
    readonly unreadable?: Schemas['UnreadableObjects'];
    /** Address of the Temporal Web UI. */
    readonly temporalUiUrl?: string;
  };
  /** Whether Temporal can be asked. */
  readonly TemporalState: {
    readonly reachable: boolean;
    /** Why it cannot be asked. */
    readonly problem?: string;
    /** Since when it cannot be asked. */
    readonly since?: string;
  };
  /** Something that does not work at the moment and is retried. */
  readonly Trouble: {
    /** `stream`, `storage` (S3), `temporal` or `gold`. */
    readonly kind: string;
    /** The latest failure, and what to do. */
    readonly what: string;
    /** When the first try that failed began. */
    readonly since: string;
    /** Failures since then. */
    readonly tries: number;
    /** When it is tried again; in the past while that try waits for its answer. */
    readonly nextTry: string;
  };
  /** Gold does not respond. */
  readonly Unhealthy: { readonly ok: false; readonly error: string };
  /** What a certificate cannot say. */
  readonly UnknownField: {
    /** Which field says less than it could. */
    readonly what:
      'counts' | 'digests' | 'offsets' | 'rows' | 'corrections' | 'added' | 'read' | 'gold' | 'expectation';
    /** Why. */
    readonly detail: string;
  };
  /** An object of gold in S3 that answers are given without. */
  readonly UnreadableObject: {
    readonly key: string;
    /** What is wrong with it. */
    readonly problem: string;
    /** When this service first met it. */
    readonly since: string;
  };
  /** Objects of gold in S3 that answers were given without, because they are damaged, far too large, or lie more than a year ahead. What this service has met since it started; absent when there are none. `npm run verify` looks at every object of its range. */
  readonly UnreadableObjects: {
    readonly count: number;
    /** By key. */
    readonly first: readonly Schemas['UnreadableObject'][];
  };
  /** A wiki, and how busy it is. */
  readonly Wiki: {
    /** Database name. */
    readonly wiki: string;
    readonly names: Schemas['WikiNames'];
    readonly language?: Schemas['WikiLanguage'];
    /** `wikipedia`, `wiktionary`, `commons`, `wikimedia` (chapters), … */
    readonly project?: string;
    readonly domain?: string;
    /** Present when nobody can edit it any more. */
    readonly closed?: true;
    /** Edits in the window that are counted so far. */
    readonly edits: number;
    /** Share of these edits that bots made. Absent without edits. */
    readonly botShare?: number;
    /** How many times the usual edits of people and bots it has, in that part of the window that is known. Absent with fewer than three known weeks, where fewer than 5 are usual, behind the first 100 wikis of an answer, and until it is read. */
    readonly factor?: number;
    /** With the parameter `sparkline`: edits of each minute, the current one last. Null: not read to its end, which is not 0. */
    readonly sparkline?: readonly (number | null)[];
    /** Minute of the newest edit that is counted. Absent while none is. */
    readonly lastEdit?: string;
  };
  /** The language of a wiki. Absent for wikis in no language in particular. */
  readonly WikiLanguage: {
    /** As Wikimedia writes it. */
    readonly code: string;
    /** For `lang` attributes (BCP 47). */
    readonly tag: string;
    readonly english: string;
    readonly own: string;
    /** In which direction it is written. */
    readonly direction: 'ltr' | 'rtl';
  };
  /** Names of a wiki. */
  readonly WikiNames: {
    readonly english: string;
    /** What the wiki calls itself. */
    readonly own: string;
  };
  /** The columns of a wiki: one value a bucket. */
  readonly WikiSeries: {
    readonly wiki: string;
    /** Edits that are not marked as a bot’s. */
    readonly human: readonly (number | null)[];
    /** Edits that are. */
    readonly bot: readonly (number | null)[];
    /** Sum of the changes in length. */
    readonly bytes: readonly (number | null)[];
    /** Edits in the quietest known minute. */
    readonly min: readonly (number | null)[];
    /** Edits in the busiest known minute. */
    readonly max: readonly (number | null)[];
    /** How many minutes are known. */
    readonly known: readonly number[];
    /** A letter a bucket, of its worst minute: `u` unread, `g` gap, `n` pending, `p` provisional, `f` final, worst first. The states are those of `GET /api/v1/coverage`. Minutes that have not begun do not count. */
    readonly state: string;
  };
  /** One invalid parameter or field. */
  readonly WrongParameter: {
    readonly parameter: string;
    /** The value received; null when it was missing. */
    readonly got: string | null;
    readonly expected: string;
    readonly example: string;
  };
}
