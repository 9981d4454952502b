import { describe, expect, it } from 'vitest';
import { checkpointOriginOf, requireCheckpointOrigin } from '../../lib/domain/checkpoint-origin';

const folder = { kind: 'folder', path: '/models/tiny', instanceId: null } as const;

describe('where a rented machine gets a checkpoint', () => {
  it('is the hub, or the dashboard for a folder of its own machine', () => {
    expect(requireCheckpointOrigin({ kind: 'hub' })).toBe('hub');
    expect(requireCheckpointOrigin(folder)).toBe('dashboard');
  });

  it('is nowhere for a folder of another host', () => {
    const elsewhere = { ...folder, instanceId: 'h1' };
    expect(checkpointOriginOf(elsewhere)).toBeNull();
    expect(() => requireCheckpointOrigin(elsewhere)).toThrow(/a folder of another host/);
  });
});
