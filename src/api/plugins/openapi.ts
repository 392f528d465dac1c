/** The OpenAPI 3.1 description, generated from the routes' schemas, and a page to try them. Must be registered before the routes. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { parameterProblem, problemResponse } from '../schemas/problem.ts';
import { withNames } from './named-schemas.ts';
import { refusesUnknown } from './parameters.ts';
import { isLimited } from './rate-limits.ts';

/** Every route but probes can answer so (`rate-limits.ts`). */
const refusal = {
  429: problemResponse(
    429,
    'This address has asked too much; Retry-After says in how many seconds to ask again.',
    'This address has asked too much: 0 of 12000 units a minute are left, and this request costs 1. Try again in 1 s.',
  ),
};

const OPENAPI_PATH = '/api/v1/openapi.json';

export async function registerOpenapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'wikigauge',
        version,
        description: 'Edits per minute of every Wikimedia wiki. Errors are problem documents (RFC 9457).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: { adminToken: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN' } },
      },
      tags: [
        { name: 'counts', description: 'Edits per minute, and ranges where data is missing' },
        { name: 'feeds', description: 'What was unusual, for feed readers' },
        { name: 'backfills', description: 'Start and control what fills gaps and loads older history' },
        { name: 'service', description: 'Health and origin of the data' },
      ],
    },
    convertConstToEnum: false,
    transformObject: made => ('openapiObject' in made ? withNames(made.openapiObject) : made.swaggerObject),
    transform: ({ schema, url }) => ({ url, schema: withRefusals(schema, url) }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Swagger UI needs data: images and inline styles; scripts stay as strict as elsewhere.
    staticCSP: {
      'default-src': "'self'",
      'img-src': ["'self'", 'data:'],
      'style-src': ["'self'", "'unsafe-inline'"],
      'object-src': "'none'",
    },
    // No top bar, which offers to explore other services.
    uiConfig: { layout: 'BaseLayout' },
    theme: { title: 'wikigauge API' },
  });
  app.get(OPENAPI_PATH, { schema: { hide: true } }, () => app.swagger());
}

/** With the answers that no route gives itself. */
function withRefusals(schema: FastifySchema, url: string): FastifySchema {
  const response = {
    ...(refusesUnknown(url) && parameterProblem),
    ...(schema.response as object | undefined),
    ...(isLimited(url) && refusal),
  };
  return { ...schema, response };
}
