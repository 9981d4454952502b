import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileRepair } from '../../../lib/domain/file-repair';
import { stepOf } from '../../support/dashboard-api';
import { tinyCheckpoint } from '../../support/dashboard-checkpoint';
import { expectWorks } from '../../support/dashboard-evidence';
import { Dashboard } from '../../support/dashboard-process';
import { type FakeHub, startFakeHub } from '../../support/fake-hub/fake-hub';

const BASE = 'maker/base';
const CARD = `---\nbase_model: ${BASE}\n---\nA fine-tune.\n`;
const TOKENIZER_FILE = /^(tokenizer|special_tokens_map|vocab|merges|chat_template)/;

describe('The tokenizer of the base model', () => {
  let hub: FakeHub;
  let dashboard: Dashboard;
  let base: Record<string, Buffer>;
  let baseCommit = '';
  beforeAll(async () => {
    hub = await startFakeHub();
    base = readFolder(await tinyCheckpoint());
    baseCommit = await hub.addRepo(BASE, { files: base });
    dashboard = await Dashboard.start({ HF_ENDPOINT: hub.url });
  });
  afterAll(async () => {
    await dashboard.remove();
    await hub.close();
  });

  /** A job that stops for its tokenizer, approved as it is proposed, to its end. */
  async function repairAndConvert(repo: string) {
    const source = { kind: 'hub', repo } as const;
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16', 'Q4_K_M'] });
    const stopped = await dashboard.api.ended(jobId);
    expect(stepOf(stopped, 'inspect-model').status).toBe('failed');
    expect(stepOf(stopped, 'convert-model').attempts).toEqual([]);
    // Whatever the base becomes meanwhile: what was approved is what is taken.
    await hub.addRepo(BASE, { files: { ...base, 'tokenizer.json': '{"another": "tokenizer"}' } });
    await dashboard.api.post(`/api/v1/jobs/${jobId}/approve-repair`);
    const repaired = await dashboard.api.ended(jobId);
    const folder = path.join(dashboard.homeFolder, '.quantdeck/jobs', jobId, 'repaired');
    return { stopped, repaired, written: readFolder(folder) };
  }

  it('is proposed for a fine-tune that has none, and with it every file works', async () => {
    const without = Object.fromEntries(Object.entries(base).filter(([name]) => !TOKENIZER_FILE.test(name)));
    await hub.addRepo('tester/no-tokenizer', { files: { ...without, 'README.md': CARD } });
    const { stopped, repaired, written } = await repairAndConvert('tester/no-tokenizer');
    expect(stopped.failure?.code).toBe('model-tokenizer-missing');
    expect(takenFiles(stopped.proposedFileRepairs)).toEqual([
      'tokenizer.json',
      'vocab.json',
      'merges.txt',
      'tokenizer_config.json',
      'special_tokens_map.json',
      'chat_template.jinja',
    ]);
    expectWorks(repaired);
    expect(repaired.spec.fileRepairs).toEqual(stopped.proposedFileRepairs);
    expect(repaired.spec.fileRepairs).toContainEqual(expect.objectContaining({ repo: BASE, commit: baseCommit }));
    for (const name of takenFiles(repaired.spec.fileRepairs))
      expect(written[name]?.equals(base[name] as Buffer)).toBe(true);
    const log = (await dashboard.api.log(repaired.id, stepOf(repaired, 'repair-model').id)).toString();
    expect(log).toContain(`"repo":"${BASE}","commit":"${baseCommit}"`);
  });

  it('replaces one that the converter does not know, and the original is kept beside it', async () => {
    await hub.addRepo(BASE, { files: base });
    const tokenizer = JSON.parse(String(base['tokenizer.json'])) as Record<string, unknown>;
    // Splitting text in another way gives other tokens: a tokenizer of nobody's.
    const strange = JSON.stringify({
      ...tokenizer,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    });
    await hub.addRepo('tester/strange', { files: { ...base, 'tokenizer.json': strange, 'README.md': CARD } });
    const { stopped, repaired, written } = await repairAndConvert('tester/strange');
    expect(stopped.failure?.code).toBe('model-pre-tokenizer-unknown');
    expect(takenFiles(stopped.proposedFileRepairs)).toEqual(['tokenizer.json', 'tokenizer_config.json']);
    expectWorks(repaired);
    expect(written['tokenizer.json']?.equals(base['tokenizer.json'] as Buffer)).toBe(true);
    expect(String(written['tokenizer.json.original'])).toBe(strange);
  });

  it('is part of the check too, which says that the repair is enough', async () => {
    await hub.addRepo(BASE, { files: base });
    const source = { kind: 'hub', repo: 'tester/no-tokenizer' };
    const check = await dashboard.api.post<Record<string, unknown>>('/api/v1/model-checks', { source });
    expect(check).toMatchObject({
      status: 'succeeded',
      repair: { files: expect.arrayContaining([expect.objectContaining({ kind: 'take-file-from', repo: BASE })]) },
      findings: expect.arrayContaining([expect.objectContaining({ code: 'model-tokenizer-missing' })]),
    });
  });
});

function takenFiles(repairs: readonly FileRepair[]): string[] {
  return repairs.flatMap((repair) => (repair.kind === 'take-file-from' ? [repair.file] : []));
}

function readFolder(folder: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
}
