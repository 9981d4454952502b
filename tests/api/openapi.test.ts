import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { buildOpenApi } from '../../app/api/_openapi/build-openapi';
import type { Operation } from '../../app/api/_openapi/operation';
import { OPERATIONS } from '../../app/api/_openapi/operations';
import { FAILURE_CODES } from '../../lib/domain/failure';

type Json = Record<string, unknown>;
interface Described {
  readonly operationId: string;
  readonly security: unknown[];
  readonly parameters: { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Json };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, { schema: Json; example?: unknown }> }
  >;
}

const document = buildOpenApi() as unknown as {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, Json>; readonly securitySchemes: Json };
};
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
);
const operations: Operation[] = Object.values(OPERATIONS).flatMap((methods) => Object.values(methods));

/** Every `$ref` in the document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : references(inner)));
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and survives JSON', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('names each operation once', () => {
    const ids = described.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('createJob');
  });

  it('refers only to schemas that it holds', () => {
    const targets = new Set(references(document));
    expect(targets.size).toBeGreaterThan(5);
    const missing = [...targets].filter(
      (target) => !(target.replace('#/components/schemas/', '') in document.components.schemas),
    );
    expect(missing).toEqual([]);
  });

  it('declares every part of a path', () => {
    for (const { name, path, operation } of described) {
      const declared = operation.parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      expect(declared, name).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    }
  });

  it('asks for a token or a session everywhere but where strangers are let in', () => {
    const open = described.filter(({ operation }) => operation.security.length === 0).map(({ name }) => name);
    expect(open.sort()).toEqual(['GET /api/v1/health', 'GET /api/v1/openapi.json']);
    expect(Object.keys(document.components.securitySchemes).sort()).toEqual(['session', 'token']);
  });

  it('describes errors as problem details, with every code', () => {
    for (const { name, operation } of described) {
      const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect(errors.length, name).toBeGreaterThan(0);
      for (const [, response] of errors)
        expect(Object.keys(response.content ?? {}), name).toEqual(['application/problem+json']);
    }
    const problem = document.components.schemas['Problem'] as { properties: { code: { enum: string[] } } };
    expect(problem.properties.code.enum).toEqual([...FAILURE_CODES]);
  });

  it('tells for each request with a body that it may be of another kind or too large', () => {
    const withBody = described.filter(({ operation }) => operation.requestBody);
    expect(withBody.length).toBeGreaterThan(3);
    for (const { name, operation } of withBody)
      expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['400', '413', '415']));
  });

  it('marks a query parameter as required only when a request without it is refused', () => {
    const parameter = (id: string, name: string) =>
      described
        .find(({ operation }) => operation.operationId === id)
        ?.operation.parameters.find((each) => each.name === name);
    expect(parameter('searchLog', 'q')).toMatchObject({ in: 'query', required: true });
    expect(parameter('listJobs', 'limit')).toMatchObject({ in: 'query', required: false });
  });

  it('gives examples of requests that the API itself accepts', () => {
    const withBody = operations.filter((operation) => operation.body);
    expect(withBody.map((operation) => operation.id).sort()).toEqual([
      'addDevice',
      'addInstance',
      'answerModelCheck',
      'approveRepair',
      'changeRentalGoal',
      'chooseStray',
      'createJob',
      'createModelCheck',
      'extendRental',
      'fixConnection',
      'limitRentalMonth',
      'retryJob',
      'updateDevice',
      'updateInstance',
    ]);
    for (const { id, body } of withBody) {
      const result = body?.schema.safeParse(body.example);
      expect(result?.error?.issues ?? [], id).toEqual([]);
    }
  });

  it('gives examples of answers that fit their schema', () => {
    const withExample = operations.filter((operation) => operation.answer?.example !== undefined);
    expect(withExample.length).toBeGreaterThan(2);
    for (const { id, answer } of withExample) {
      const schema = answer?.schema as z.ZodType;
      expect(schema.safeParse(answer?.example).success, id).toBe(true);
    }
  });

  it('lists what may be sent when a host is added, and no answer of an instance holds a secret', () => {
    const add = described.find(({ operation }) => operation.operationId === 'addInstance')?.operation;
    const sent = JSON.stringify(add?.requestBody);
    const answered = JSON.stringify(document.components.schemas['Instance']);
    for (const secret of ['"password"', 'privateKey', 'passphrase']) expect(sent).toContain(secret);
    for (const secret of ['"password":', 'privateKey', 'passphrase']) expect(answered).not.toContain(secret);
  });
});
