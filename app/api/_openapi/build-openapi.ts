import * as z from 'zod';
import type { FailureCode } from '../../../lib/domain/failure';
import { STATUS_OF_FAILURE } from '../../../lib/domain/problem-details';
import manifest from '../../../package.json';
import { failureTitle } from '../../_copy/failure-copy';
import type { Operation } from './operation';
import { OPERATIONS } from './operations';
import { problemSchema } from './view-schemas';

type Json = Record<string, unknown>;

const COMPONENTS = '#/components/schemas/';

/** The whole API as OpenAPI 3.1, from the very schemas that check the requests. */
export function buildOpenApi(): Json {
  const schemas: Json = {};
  const paths = Object.entries(OPERATIONS).map(([path, methods]) => {
    const items = Object.entries(methods).map(([method, operation]) => [
      method.toLowerCase(),
      describe(operation, path, schemas),
    ]);
    return [`/api/v1${path}`, Object.fromEntries(items)];
  });
  schemaOf(problemSchema, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Quantdeck',
      version: manifest.version,
      description:
        'From a Hugging Face checkpoint to GGUF files that are proven to work. Errors are RFC 9457 problem details.',
      license: { name: manifest.license, identifier: manifest.license },
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(paths),
    components: { schemas, securitySchemes: SECURITY },
  };
}

const SECURITY = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token made under Settings, with the scopes read and write.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'quantdeck_session',
    description: 'What the login page sets; `__Host-` before the name over https.',
  },
};

function describe(operation: Operation, path: string, schemas: Json): Json {
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    security: operation.access === 'none' ? [] : [{ token: [operation.access] }, { session: [] }],
    parameters: [...pathParameters(path), ...queryParameters(operation, schemas)],
    ...(operation.body && { requestBody: requestBody(operation.body, schemas) }),
    responses: { ...goodResponse(operation, schemas), ...problemResponses(operation) },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(operation: Operation, schemas: Json): Json[] {
  if (!operation.query) return [];
  const query = schemaOf(operation.query, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(query.properties ?? {}).map(([name, { description, ...schema }]) => {
    return { name, in: 'query', description, required: query.required?.includes(name) ?? false, schema };
  });
}

function requestBody(body: NonNullable<Operation['body']>, schemas: Json): Json {
  const content = { 'application/json': { schema: schemaOf(body.schema, 'input', schemas), example: body.example } };
  return { required: !body.isOptional, content };
}

function goodResponse(operation: Operation, schemas: Json): Json {
  const { answer, bytes } = operation;
  if (bytes) return { 200: bytesResponse(bytes), ...(bytes.hasRanges && { 206: bytesResponse(bytes) }) };
  if (!answer) return { 204: { description: 'Done.' } };
  const content = {
    schema: schemaOf(answer.schema, 'output', schemas),
    ...(answer.example !== undefined && { example: answer.example }),
  };
  return { [answer.status]: { description: operation.summary, content: { 'application/json': content } } };
}

function bytesResponse(bytes: NonNullable<Operation['bytes']>): Json {
  const headers = Object.entries(bytes.headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return {
    description: bytes.description,
    headers: Object.fromEntries(headers),
    content: { [bytes.contentType]: { schema: { type: 'string', contentMediaType: bytes.contentType } } },
  };
}

/** One response a status; codes of the same status are listed in its description. */
function problemResponses(operation: Operation): Json {
  const always: FailureCode[] =
    operation.access === 'none' ? ['internal'] : ['unauthenticated', 'forbidden', 'internal'];
  const byStatus = new Map<number, FailureCode[]>();
  const ofBody: FailureCode[] = operation.body ? ['invalid-input', 'body-not-json', 'body-too-large'] : [];
  for (const code of new Set([...always, ...ofBody, ...operation.problems])) {
    const status = STATUS_OF_FAILURE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, codes]) => [status, problemAnswer(codes)]);
  return Object.fromEntries(responses);
}

function problemAnswer(codes: readonly FailureCode[]): Json {
  return {
    description: codes.map((code) => `${code}: ${failureTitle(code)}`).join('; '),
    content: { 'application/problem+json': { schema: { $ref: `${COMPONENTS}Problem` } } },
  };
}

/** A zod schema as JSON Schema; schemas with an id move to the components and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: allowMore }) as Json & { $defs?: Json };
  for (const [name, definition] of Object.entries($defs)) schemas[name] = pointToComponents(definition);
  return pointToComponents(own) as Json;
}

/** An answer may get new members later, so the description does not promise that there are none. */
function allowMore({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** `#/$defs/X` as `#/components/schemas/X`, everywhere inside. */
function pointToComponents(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', `"${COMPONENTS}`));
}
