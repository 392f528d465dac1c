/**
 * Compiles how answers are written, once for each schema in a process: routes refuse alike, HEAD answers as GET does, and
 * compiling is most of what a service does while it starts.
 */
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { Serializer, SerializerFactory } from '@fastify/fast-json-stringify-compiler';

const compilerFor = SerializerSelector();
/** By the text of what they were compiled from. */
const serializers = new Map<string, Serializer>();

/** For `schemaController.compilersFactory` of Fastify. */
export const sharedSerializers: SerializerFactory = (shared, options) => {
  const compile = compilerFor(shared, options);
  const sharedText = JSON.stringify(shared);
  return route => {
    const name = `${sharedText} ${JSON.stringify(route.schema)}`;
    const known = serializers.get(name) ?? compile(route);
    serializers.set(name, known);
    return known;
  };
};
