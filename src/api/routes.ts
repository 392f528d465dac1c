/** What every file in `routes/` exports, and what it is given. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GoldReader } from '../gold/gold-store.ts';

interface RouteContext {
  readonly gold: GoldReader;
  readonly version: string;
  readonly temporalUiUrl: string | undefined;
  /** The clock, epoch ms. */
  readonly now: () => number;
}

/** Registers the routes of one resource. */
export type ApiRoutes = (app: TypedApp, context: RouteContext) => void;

/** The application with the types of a route's schemas on its requests and answers. */
type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
