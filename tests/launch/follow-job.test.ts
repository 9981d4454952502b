import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followJob, progressText, stepText } from '../../lib/launch/demo/follow-job.mjs';
import { artifactLines } from '../../lib/launch/demo/report-job.mjs';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => vi.restoreAllMocks());

function step(title: string, status: string, key = 'convert-model') {
  return {
    id: title,
    key,
    title,
    status,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:12.000Z',
    progress: null,
  };
}

/** An API that answers with one state of the job after the other; a function throws instead. */
function apiOf(answers: unknown[]) {
  return {
    get: async () => {
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof Error) throw next;
      return next;
    },
  };
}

describe('the demo in the console', () => {
  it('says each change of a step once and ends with the job', async () => {
    const running = { status: 'running', steps: [step('Fetch model', 'running'), step('Convert model', 'queued')] };
    const ended = {
      status: 'succeeded',
      verdict: 'works',
      steps: [step('Fetch model', 'succeeded'), step('Convert model', 'succeeded')],
    };
    expect(await followJob(apiOf([running, running, ended]), 'j1')).toBe(ended);
    expect(said).toEqual(['  Fetch model ...', '  Fetch model: done (12 s)', '  Convert model: done (12 s)']);
  });

  it('says of a file only what is done, while several of its steps run at once', async () => {
    const making = step('Make Q4_K_M', 'running', 'quantize:Q4_K_M');
    const hashing = step('Checksum of F16', 'running', 'checksum:F16');
    const ended = {
      status: 'succeeded',
      steps: [
        { ...making, status: 'succeeded' },
        { ...hashing, status: 'succeeded' },
      ],
    };
    await followJob(apiOf([{ status: 'running', steps: [making, hashing] }, ended]), 'j1');
    expect(said).toEqual(['  Make Q4_K_M: done (12 s)', '  Checksum of F16: done (12 s)']);
    const half = { phase: 'quantizing', fraction: 0.5, speedBytesPerSecond: null, etaMs: 40_000, detail: 'blk.3' };
    expect(progressText([{ ...making, progress: half }, hashing])).toBe('Make Q4_K_M 50 % | Checksum of F16');
    expect(progressText([{ ...making, progress: half }])).toBe('Make Q4_K_M, 50 %, quantizing, blk.3, about 40 s left');
  });

  it('passes over a dashboard that does not answer for a moment', async () => {
    const ended = { status: 'failed', steps: [] };
    expect(await followJob(apiOf([new TypeError('fetch failed'), ended]), 'j1')).toBe(ended);
  });

  it('does not pass over an answer that is an error', async () => {
    await expect(followJob(apiOf([new Error('refused')]), 'j1')).rejects.toThrow('refused');
  });

  it('stops asking when the dashboard has ended, and says that the job continues', async () => {
    const running = { status: 'running', steps: [] };
    await expect(followJob(apiOf([running]), 'j1', AbortSignal.timeout(50))).rejects.toThrow('continues where it was');
  });

  it('says why a step failed', () => {
    const failed = { ...step('Convert model', 'failed'), failure: { message: 'The disk is full.' } };
    expect(stepText(failed)).toBe('Convert model: failed (12 s). The disk is full.');
  });

  it('shows verdict, speed, hash and place of a file', () => {
    const artifact = {
      type: 'Q4_K_M',
      verdict: 'works',
      fileName: 'm-Q4_K_M.gguf',
      sizeBytes: 105_906_176,
      sha256: 'ab'.repeat(32),
      place: 'both',
      verification: { generationTokensPerSecond: 61.25, sampleText: 'Paris.', problem: null },
    };
    expect(artifactLines({ ...artifact, sampleRemark: 'repeats-itself' })[1]).toBe(
      '          look at it: it writes the same few characters over and over',
    );
    expect(artifactLines(artifact)).toEqual([
      '  Q4_K_M  WORKS, 61.3 tokens/s, 101.0 MiB  m-Q4_K_M.gguf',
      '          it wrote: "Paris."',
      `          sha256 ${'ab'.repeat(32)}`,
      "          it is on the host and on the dashboard's disk",
    ]);
  });
});
