import * as z from 'zod';
import { connectionFixSchema } from '../../../lib/domain/connection-report';
import { newInstanceSchema } from '../../../lib/domain/instance';
import { instanceChangesSchema, removeInstanceQuerySchema } from './input-schemas';
import type { Operations } from './operation';
import { connectionReportSchema, instanceSchema } from './view-schemas';

const newHost = { name: 'Rented 4090', host: '136.59.129.136', port: 34_538, user: 'root', auth: 'key' };

const connectionSchema = z.object({
  checkState: instanceSchema.shape.checkState,
  checkedAt: instanceSchema.shape.checkedAt,
  report: connectionReportSchema.nullable(),
});

/** Machines that Quantdeck can reach. */
export const instanceOperations: Operations = {
  '/instances': {
    GET: {
      id: 'listInstances',
      summary: 'All instances, "This machine" first',
      tag: 'instances',
      access: 'read',
      answer: { status: 200, schema: z.object({ instances: z.array(instanceSchema) }) },
      problems: [],
    },
    POST: {
      id: 'addInstance',
      summary: 'Add an SSH host',
      tag: 'instances',
      access: 'write',
      body: { schema: newInstanceSchema, example: newHost },
      answer: { status: 201, schema: instanceSchema },
      problems: ['invalid-input', 'conflict', 'ssh-key-invalid', 'ssh-key-passphrase'],
    },
  },
  '/instances/{instanceId}': {
    GET: {
      id: 'getInstance',
      summary: 'One instance with the facts of its last check',
      tag: 'instances',
      access: 'read',
      answer: { status: 200, schema: instanceSchema },
      problems: ['not-found'],
    },
    PATCH: {
      id: 'updateInstance',
      summary: 'Change how an instance is reached; absent fields stay',
      tag: 'instances',
      access: 'write',
      body: { schema: instanceChangesSchema, example: { port: 41_022 } },
      answer: { status: 200, schema: instanceSchema },
      problems: ['invalid-input', 'not-found', 'conflict'],
    },
    DELETE: {
      id: 'removeInstance',
      summary: 'Forget an instance; refused while a job runs on it, and for files that are nowhere else',
      tag: 'instances',
      access: 'write',
      query: removeInstanceQuerySchema,
      problems: ['invalid-input', 'not-found', 'conflict'],
    },
  },
  '/instances/{instanceId}/check': {
    POST: {
      id: 'checkInstance',
      summary: 'Ask for a check; `checkState` tells when it is done',
      tag: 'instances',
      access: 'write',
      answer: { status: 202, schema: instanceSchema },
      problems: ['not-found', 'conflict'],
    },
  },
  '/instances/{instanceId}/connection': {
    GET: {
      id: 'getConnection',
      summary: 'How far the last test of the connection came, layer by layer, with the cause and what can be done',
      tag: 'instances',
      access: 'read',
      answer: { status: 200, schema: connectionSchema },
      problems: ['not-found'],
    },
    POST: {
      id: 'testConnection',
      summary: 'Ask for a test of the connection; its layers appear one by one',
      tag: 'instances',
      access: 'write',
      answer: { status: 202, schema: connectionSchema },
      problems: ['not-found'],
    },
  },
  '/instances/{instanceId}/fix-connection': {
    POST: {
      id: 'fixConnection',
      summary: 'Do what the last test offers, and ask for the next test',
      tag: 'instances',
      access: 'write',
      body: { schema: connectionFixSchema, example: { fix: 'trust-host-key' } },
      answer: { status: 202, schema: connectionSchema },
      problems: ['invalid-input', 'not-found', 'conflict'],
    },
  },
  '/instances/{instanceId}/forget-host-key': {
    POST: {
      id: 'forgetHostKey',
      summary: 'Forget the pinned host key; the next connection pins the one that the host shows then',
      tag: 'instances',
      access: 'write',
      answer: { status: 200, schema: instanceSchema },
      problems: ['not-found'],
    },
  },
};
