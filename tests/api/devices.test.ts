import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chosen from '../../app/api/v1/devices/[deviceId]/make-default/route';
import * as device from '../../app/api/v1/devices/[deviceId]/route';
import * as devices from '../../app/api/v1/devices/route';
import { type ApiHarness, context, openApi, READ_TOKEN, request, WRITE_TOKEN } from './api-harness';

const GIB = 1024 ** 3;

let api: ApiHarness;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const send = (method: string, path: string, body?: unknown, token = WRITE_TOKEN) =>
  request(`/api/v1/devices${path}`, { method, token, ...(body === undefined ? {} : { body }) });
const jsonOf = async (response: Response) => (await response.json()) as Record<string, unknown>;
const list = async () =>
  (await jsonOf(await devices.GET(send('GET', '', undefined, READ_TOKEN), context({}))))['devices'] as {
    id: string;
    isDefault: boolean;
    isBuiltIn: boolean;
  }[];

describe('devices over the API', () => {
  it('are listed, added, changed, chosen and removed', async () => {
    expect((await list()).find(({ isDefault }) => isDefault)?.id).toBe('laptop-12-i3');
    const answer = await devices.POST(
      send('POST', '', { name: 'Mine', memoryBytes: 8 * GIB, graphicsBytes: null }),
      context({}),
    );
    expect(answer.status).toBe(201);
    const { id } = (await jsonOf(answer)) as { id: string };
    const deviceId = context({ deviceId: id });
    const changed = await device.PATCH(send('PATCH', `/${id}`, { memoryBytes: 64 * GIB }), deviceId);
    expect(await jsonOf(changed)).toMatchObject({ name: 'Mine', memoryBytes: 64 * GIB, isDefault: false });
    const made = await chosen.POST(send('POST', `/${id}/make-default`), deviceId);
    expect(await jsonOf(made)).toMatchObject({ id, isDefault: true });
    expect((await list())[0]).toMatchObject({ id, isDefault: true, isBuiltIn: false });
    expect((await device.DELETE(send('DELETE', `/${id}`), deviceId)).status).toBe(204);
    expect((await list()).find(({ isDefault }) => isDefault)?.id).toBe('laptop-12-i3');
  });

  it('refuse what is no device, what is built in, and a token that may only read', async () => {
    const bad = await devices.POST(send('POST', '', { name: '', memoryBytes: 1 }), context({}));
    expect(bad.status).toBe(400);
    const builtIn = context({ deviceId: 'laptop-8' });
    expect((await device.PATCH(send('PATCH', '/laptop-8', { name: 'x' }), builtIn)).status).toBe(409);
    expect((await device.DELETE(send('DELETE', '/gone'), context({ deviceId: 'gone' }))).status).toBe(404);
    expect((await devices.POST(send('POST', '', {}, READ_TOKEN), context({}))).status).toBe(403);
  });
});
