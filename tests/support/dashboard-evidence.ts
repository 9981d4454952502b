import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { JobDetail } from '../../lib/domain/views';
import { type DashboardApi, describeJob } from './dashboard-api';

/** The job's files were all proven to work, nothing less. */
export function expectWorks(job: JobDetail): void {
  expect(`${job.verdict} ${describeJob(job)}`).toMatch(/^works succeeded/);
  expect(job.artifacts.map(({ type, verdict }) => `${type} ${verdict}`).sort()).toEqual(
    job.spec.outputs.map((type) => `${type} works`).sort(),
  );
}

/**
 * Proves from the host's own files that no command ran twice and that no byte of output was lost or doubled: the folders
 * of attempts are those that the dashboard knows, each log is in the step's log byte for byte with nothing left over,
 * and each command line was printed once in all of them.
 *
 * @param homeFolder of a host that had only this job
 */
export async function expectRanOnce(api: DashboardApi, job: JobDetail, homeFolder: string): Promise<void> {
  const attempts = job.steps.flatMap((step) => step.attempts.filter(({ kind }) => kind === 'remote'));
  expect(attemptFolders(homeFolder).sort()).toEqual(attempts.map(({ id }) => id).sort());
  await expectLogsEqual(api, job, homeFolder);
  expect(repeated(commandsOnHost(homeFolder))).toEqual([]);
}

/** Each attempt's log on the host is part of the step's log here, byte for byte; a step of one attempt has no other byte. */
export async function expectLogsEqual(api: DashboardApi, job: JobDetail, homeFolder: string): Promise<void> {
  let compared = 0;
  for (const step of job.steps) {
    const remote = step.attempts.filter(({ kind }) => kind === 'remote');
    if (remote.length === 0) continue;
    const here = await api.log(job.id, step.id);
    for (const attempt of remote) {
      const there = readFileSync(path.join(attemptsOf(homeFolder), attempt.id, 'log'));
      const part = here.subarray(attempt.logStart, attempt.logStart + there.length);
      expect(`${step.key}: ${part.equals(there)}`).toBe(`${step.key}: true`);
      if (remote.length === 1) expect([step.key, here.length]).toEqual([step.key, attempt.logStart + there.length]);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(0);
}

/** Every command line that an attempt on this host printed before running it. */
export function commandsOnHost(homeFolder: string): string[] {
  const commands: string[] = [];
  for (const id of attemptFolders(homeFolder)) {
    const log = readFileSync(path.join(attemptsOf(homeFolder), id, 'log'), 'utf8');
    commands.push(...log.split('\n').filter((line) => line.startsWith('$ ')));
  }
  return commands;
}

export function attemptFolders(homeFolder: string): string[] {
  return readdirSync(attemptsOf(homeFolder));
}

/** Command lines of the live processes that carry an attempt's mark in their environment. */
export function processesOf(attemptId: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (environment.includes(`QUANTDECK_ATTEMPT=${attemptId}`)) {
        found.push(readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim());
      }
    } catch {
      // It ended between the listing and the reading, or belongs to another account.
    }
  }
  return found;
}

function attemptsOf(homeFolder: string): string {
  return path.join(homeFolder, '.quantdeck', 'attempts');
}

function repeated(lines: readonly string[]): string[] {
  return lines.filter((line, index) => lines.indexOf(line) !== index);
}
