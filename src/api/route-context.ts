/** What every file in `routes/` exports and what it receives. A file there is one resource: its schema and a short handler. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GoldReader } from '../gold/gold-store.ts';
import type { UsualOfWikis } from '../gold/usual-of-wikis.ts';
import type { LiveHub } from './live-hub.ts';
import type { Explanations } from './explanations.ts';
import type { ExpensiveQuestions } from './expensive-questions.ts';
import type { BackfillRuns } from '../temporal/backfill-runs.ts';
import type { ReadPipeline } from '../temporal/pipeline-reader.ts';

interface RouteContext {
  readonly gold: GoldReader;
  readonly version: string;
  readonly temporalUiUrl: string | undefined;
  /** Wikis that the installation keeps; empty: all. */
  readonly keptWikis: readonly string[];
  /** Asks Temporal for the run of ingest. Never rejects. */
  readonly pipeline: ReadPipeline;
  /** Lists, starts and controls backfills. */
  readonly backfills: BackfillRuns;
  /** ADMIN_TOKEN; undefined: nobody may change anything. */
  readonly adminToken: string | undefined;
  /** Workflow id of ingest. */
  readonly ingestId: string;
  /** The queue that all expensive questions share. */
  readonly questions: ExpensiveQuestions;
  /** What is usual of wikis. */
  readonly usual: UsualOfWikis;
  /** Explains ranges from bronze; undefined where this process cannot read it. */
  readonly explanations: Explanations | undefined;
  /** Sends the newest minutes to whoever watches; undefined where nothing is known of them. */
  readonly live: LiveHub | undefined;
  /** How late events may be. */
  readonly latenessMs: number;
  /** The clock, epoch ms. */
  readonly now: () => number;
}

/** Registers the routes of one resource. */
export type ApiRoutes = (app: TypedApp, context: RouteContext) => void;

/** The application, with requests and responses typed by the route's schemas. */
type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
