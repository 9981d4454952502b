import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pythonForFetch } from '../../lib/pipeline/fetch-python';
import type { StepRecord } from '../../lib/pipeline/ledger-port';
import type { StepContext } from '../../lib/pipeline/step-context';

const TOOLCHAIN = {
  view: {
    version: 'v1',
    commit: 'c',
    origin: 'release',
    detail: '',
    pythonVersion: null,
    torchVersion: null,
    transformersVersion: null,
  },
  binFolder: '/t/bin',
  convertScript: '/t/convert.py',
  python: '/t/venv/bin/python',
  cores: 2,
};
const prepared: Partial<StepRecord> = { key: 'prepare-host', status: 'succeeded', result: TOOLCHAIN };

/** The programs that the host has: a folder that is its whole PATH. */
let programs: string;
let said: string[];
beforeEach(async () => {
  said = [];
  programs = await mkdtemp(path.join(tmpdir(), 'quantdeck-python-'));
  await symlink('/bin/uname', path.join(programs, 'uname'));
});
afterEach(() => rm(programs, { recursive: true }));

/** A Python that says what the question is answered with: its path when it is new enough, else nothing. */
async function addPython(name: string, isNewEnough: boolean): Promise<string> {
  const file = path.join(programs, name);
  await writeFile(file, `#!/bin/sh\necho '${isNewEnough ? file : ''}'\n`);
  await chmod(file, 0o755);
  return file;
}

function contextOf(steps: () => Partial<StepRecord>[], signal = new AbortController().signal): StepContext {
  const exec = (script: string) =>
    new Promise((resolve) => {
      execFile('/bin/sh', ['-c', script], { env: { ...process.env, PATH: programs } }, (error, stdout) =>
        resolve({ exitCode: error ? 1 : 0, stdout }),
      );
    });
  return {
    jobId: 'j',
    signal,
    host: { withSession: (work: (session: unknown) => unknown) => work({ exec }) },
    log: { line: async (text: string) => void said.push(text) },
    world: {
      ledger: { loadJob: async () => ({ steps: steps() }) },
      clock: {
        sleep: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          signal.throwIfAborted();
        },
      },
    },
  } as unknown as StepContext;
}

describe('the Python that fetches', () => {
  it('is the first on the host that is new enough, so that nothing waits for an installation', async () => {
    await addPython('python3', false);
    const newer = await addPython('python3.12', true);
    expect(await pythonForFetch(contextOf(() => []))).toBe(newer);
    expect(said).toEqual([]);
  });

  it('is that of the toolchain when it is there', async () => {
    await addPython('python3', true);
    expect(await pythonForFetch(contextOf(() => [prepared]))).toBe(TOOLCHAIN.python);
  });

  it('is waited for on a host without any, and that is said once', async () => {
    let asked = 0;
    const steps = () => {
      asked += 1;
      return asked > 3 ? [prepared] : [{ ...prepared, status: 'running' as const, result: null }];
    };
    expect(await pythonForFetch(contextOf(steps))).toBe(TOOLCHAIN.python);
    expect(said).toEqual(['This host has no Python yet. The download waits for its preparation.']);
  });

  it('is waited for no longer than the job is at work', async () => {
    const stop = new AbortController();
    const waiting = pythonForFetch(contextOf(() => [], stop.signal));
    stop.abort('step-failed');
    await expect(waiting).rejects.toBe('step-failed');
  });
});
