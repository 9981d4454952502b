import * as z from 'zod';
import { artifactListQuerySchema } from './input-schemas';
import type { Operations } from './operation';
import { artifactSchema } from './view-schemas';

/** Files that jobs made. */
export const artifactOperations: Operations = {
  '/artifacts': {
    GET: {
      id: 'listArtifacts',
      summary: 'Files, newest first',
      tag: 'artifacts',
      access: 'read',
      query: artifactListQuerySchema,
      answer: { status: 200, schema: z.object({ artifacts: z.array(artifactSchema), total: z.number().int() }) },
      problems: ['invalid-input'],
    },
  },
  '/artifacts/{artifactId}': {
    GET: {
      id: 'getArtifact',
      summary: 'One file: verdict with proof, hash, where it is',
      tag: 'artifacts',
      access: 'read',
      answer: { status: 200, schema: artifactSchema },
      problems: ['not-found'],
    },
  },
  '/artifacts/{artifactId}/content': {
    GET: {
      id: 'downloadArtifact',
      summary: 'The file itself, resumable with Range; from home or else straight from the host',
      tag: 'artifacts',
      access: 'read',
      bytes: {
        contentType: 'application/octet-stream',
        hasRanges: true,
        description: 'The whole file, or with the header Range a part of it (206).',
        headers: {
          ETag: 'The sha256 of the whole file.',
          'Accept-Ranges': 'bytes',
          'Content-Disposition': 'The name of the file.',
        },
      },
      problems: ['not-found', 'conflict', 'artifact-missing', 'host-unreachable'],
      isServedByServer: true,
    },
  },
  '/artifacts/{artifactId}/bring-home': {
    POST: {
      id: 'bringHome',
      summary: "Ask for a copy on the dashboard's disk; `bringHomeState` tells how far it is",
      tag: 'artifacts',
      access: 'write',
      answer: { status: 202, schema: artifactSchema },
      problems: ['not-found', 'conflict', 'artifact-missing'],
    },
  },
};
