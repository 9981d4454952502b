import { describe, expect, it } from 'vitest';
import { newInstanceSchema } from '../../lib/domain/instance';

describe('a new SSH host', () => {
  it('needs a name and an address; the rest has the defaults of a rented machine', () => {
    expect(newInstanceSchema.parse({ name: ' box ', host: ' 10.0.0.5 ' })).toEqual({
      name: 'box',
      host: '10.0.0.5',
      port: 22,
      user: 'root',
      auth: 'key',
    });
    expect(newInstanceSchema.parse({ name: 'box', host: '2001:db8::1', port: '2222' }).port).toBe(2222);
  });

  it.each([
    ['host', { host: '-oProxyCommand=id' }],
    ['host', { host: 'a b' }],
    ['user', { user: '-l' }],
    ['user', { user: 'root;id' }],
    ['port', { port: 0 }],
    ['port', { port: 65_536 }],
    ['name', { name: '   ' }],
  ])('is refused for its %s when it has %j', (field, change) => {
    const outcome = newInstanceSchema.safeParse({ name: 'box', host: 'host', ...change });
    expect(outcome.error?.issues.map((issue) => issue.path[0])).toEqual([field]);
  });
});
