import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceView } from '../../lib/domain/instance';
import type { DashboardApi } from './dashboard-api';
import { lendToolchain } from './dashboard-checkpoint';
import { type SshdHost, startSshdHost } from './sshd-host';

/** A real sshd that lets the dashboard's own key in, with the toolchain in its home folder. */
export async function startSshdFor(
  api: DashboardApi,
  environment: Readonly<Record<string, string>> = {},
): Promise<SshdHost> {
  const host = await startSshdHost({ environment });
  await lendToolchain(host.homeFolder);
  const { publicKey } = await api.get<{ publicKey: string }>('/api/v1/settings/public-key');
  appendFileSync(path.join(path.dirname(host.homeFolder), 'authorized_keys'), `${publicKey}\n`);
  return host;
}

export function addInstance(
  api: DashboardApi,
  port: number,
  more: Record<string, unknown> = {},
): Promise<InstanceView> {
  const user = 'root';
  return api.post<InstanceView>('/api/v1/instances', {
    name: `sshd at ${port}`,
    host: '127.0.0.1',
    port,
    user,
    ...more,
  });
}

/** Waits for the end of a check that was asked for. */
export async function untilChecked(api: DashboardApi, instanceId: string, timeoutMs = 25_000): Promise<InstanceView> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const instance = await api.get<InstanceView>(`/api/v1/instances/${instanceId}`);
    if (instance.checkState === 'ok' || instance.checkState === 'failed' || Date.now() > deadlineMs) return instance;
    await sleep(100);
  }
}

/**
 * SIGKILL to an sshd and to every session process of it: as when a machine loses its network and comes back. What its
 * sessions started lives on.
 */
export function killSshd(host: SshdHost): void {
  const server = Number(readFileSync(path.join(path.dirname(host.homeFolder), 'sshd.pid'), 'utf8'));
  const family = new Set([server]);
  const parents = sshdParents();
  // Two generations: the listener's child for the connection and, with privilege separation, that one's child.
  for (let generation = 0; generation < 2; generation += 1) {
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  for (const pid of family) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It ended with its parent.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Parent of every process named sshd. */
function sshdParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, name, parent] = /^\d+ \((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
      if (name?.startsWith('sshd')) parents.set(Number(pid), Number(parent));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return parents;
}
