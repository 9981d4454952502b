import { describe, expect, it } from 'vitest';
import type { Failure } from '../../lib/domain/failure';
import { type FileRepair, fileRepairSchema } from '../../lib/domain/file-repair';
import { checkSourceSchema, checkSourceText, readinessOf } from '../../lib/domain/model-check';

const failure: Failure = {
  code: 'model-config-contradicts-tensors',
  message: '',
  remedy: '',
  evidence: [],
  isTransient: false,
};

describe('readinessOf', () => {
  const patch = { num_hidden_layers: 40 };
  const leaveOut: FileRepair = { kind: 'leave-out', files: ['a'], reason: 'stale' };
  const nothing = { patch: {}, undetermined: [], files: [], answers: [] };
  it.each([
    ['ready', null, null, nothing, false],
    ['ready', null, null, { ...nothing, patch }, false],
    ['repairable', failure, null, { ...nothing, patch }, false],
    ['repairable', failure, null, { ...nothing, files: [leaveOut] }, false],
    ['unanswered', failure, failure, { ...nothing, patch }, true],
    ['blocked', failure, failure, { ...nothing, patch }, false],
    ['blocked', failure, null, nothing, false],
  ])('is %s', (readiness, stops, stopsAfterRepair, repair, waitsForAnswers) => {
    expect(readinessOf({ stops, stopsAfterRepair, repair, waitsForAnswers })).toBe(readiness);
  });
});

describe('a source to check', () => {
  it('is called as people call it', () => {
    expect(checkSourceText(checkSourceSchema.parse({ kind: 'hub', repo: 'a/b' }))).toBe('a/b');
    expect(checkSourceText(checkSourceSchema.parse({ kind: 'hub', repo: 'a/b', revision: 'v2' }))).toBe('a/b@v2');
    expect(checkSourceText(checkSourceSchema.parse({ kind: 'folder', path: '/m' }))).toBe('/m');
  });

  it("lies on the dashboard's machine unless an instance is named", () => {
    expect(checkSourceSchema.parse({ kind: 'folder', path: '/m' })).toMatchObject({ instanceId: null });
    expect(checkSourceSchema.safeParse({ kind: 'folder', path: 'm' }).success).toBe(false);
    expect(checkSourceSchema.safeParse({ kind: 'hub', repo: 'a; rm -rf' }).success).toBe(false);
  });
});

describe('a repair of a file', () => {
  it.each(['../../etc/passwd', '/etc/passwd', 'a/../b', 'a\\b', '', '.ssh/id', 'a//b'])(
    'never leaves the checkpoint: %j',
    (file) => {
      const repair = { kind: 'take-file-from', file, repo: 'a/b', reason: '' };
      expect(fileRepairSchema.safeParse(repair).success).toBe(false);
    },
  );

  it('names files as checkpoints have them', () => {
    for (const file of ['tokenizer_config.json', '1_Pooling/config.json', 'merges.txt'])
      expect(fileRepairSchema.safeParse({ kind: 'rename-field', file, from: 'a', to: 'b' }).success).toBe(true);
  });
});
