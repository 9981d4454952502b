import * as z from 'zod';
import type { Operations } from './operation';

const publicKey = { publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA… quantdeck', fingerprint: 'SHA256:…' };

/** The service itself. */
export const serviceOperations: Operations = {
  '/settings/public-key': {
    GET: {
      id: 'getPublicKey',
      summary: "The public half of Quantdeck's own key, for a host's authorized_keys",
      tag: 'settings',
      access: 'read',
      answer: {
        status: 200,
        schema: z.object({ publicKey: z.string(), fingerprint: z.string() }),
        example: publicKey,
      },
      problems: ['not-found'],
    },
  },
  '/health': {
    GET: {
      id: 'getHealth',
      summary: 'The process answers and so does its database',
      tag: 'service',
      access: 'none',
      answer: {
        status: 200,
        schema: z.object({ status: z.literal('ok'), version: z.string() }),
        example: { status: 'ok', version: '0.1.0' },
      },
      problems: [],
    },
  },
  '/openapi.json': {
    GET: {
      id: 'getOpenApi',
      summary: 'This description',
      tag: 'service',
      access: 'none',
      answer: { status: 200, schema: z.object({ openapi: z.literal('3.1.0') }).loose() },
      problems: [],
    },
  },
};
