import * as z from 'zod';
import { type DeviceView, deviceInputSchema, deviceProfileSchema } from '../../../lib/domain/device';
import { deviceChangesSchema } from './input-schemas';
import type { Operations } from './operation';

const GIB = 1024 ** 3;
const example = { name: 'My laptop', memoryBytes: 12 * GIB, graphicsBytes: null, isUnified: false };

const deviceSchema = deviceProfileSchema
  .extend({
    isBuiltIn: z.boolean().describe('It can be chosen, but neither changed nor removed.'),
    isDefault: z.boolean().describe('The one that `fits` are judged for where no other is named.'),
  })
  .meta({ id: 'Device' }) satisfies z.ZodType<DeviceView>;

/** Computers that files are meant for. */
export const deviceOperations: Operations = {
  '/devices': {
    GET: {
      id: 'listDevices',
      summary: 'All devices, your own first',
      tag: 'devices',
      access: 'read',
      answer: { status: 200, schema: z.object({ devices: z.array(deviceSchema) }) },
      problems: [],
    },
    POST: {
      id: 'addDevice',
      summary: 'Describe a device of your own',
      tag: 'devices',
      access: 'write',
      body: { schema: deviceInputSchema, example },
      answer: { status: 201, schema: deviceSchema },
      problems: ['conflict'],
    },
  },
  '/devices/{deviceId}': {
    PATCH: {
      id: 'updateDevice',
      summary: 'Change a device of your own; absent fields stay',
      tag: 'devices',
      access: 'write',
      body: { schema: deviceChangesSchema, example: { memoryBytes: 16 * GIB } },
      answer: { status: 200, schema: deviceSchema },
      problems: ['not-found', 'conflict'],
    },
    DELETE: {
      id: 'removeDevice',
      summary: 'Forget a device of your own',
      tag: 'devices',
      access: 'write',
      problems: ['not-found', 'conflict'],
    },
  },
  '/devices/{deviceId}/make-default': {
    POST: {
      id: 'chooseDevice',
      summary: 'Judge fits for this device where no other is named',
      tag: 'devices',
      access: 'write',
      answer: { status: 200, schema: deviceSchema },
      problems: ['not-found'],
    },
  },
};
