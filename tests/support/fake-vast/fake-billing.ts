import type { FakeAccount } from './fake-accounts';
import type { FakeInstance, FakeMeter } from './fake-instance';

const HOUR_MS = 3_600_000;
const MONTH_HOURS = 720;

/** What a bill needs of the fake. */
export interface BilledWorld {
  readonly instances: ReadonlyMap<number, FakeInstance>;
  readonly accounts: readonly FakeAccount[];
  billedUntilMs: number;
  living(): FakeInstance[];
  forget(instance: FakeInstance): void;
  after(instance: FakeInstance, delayMs: number, apply: () => void | Promise<void>): void;
}

interface Rates {
  readonly gpuUsdPerHour: number;
  readonly diskUsdPerHour: number;
}

/** What is billed by time: the GPU while it runs or is frozen, the disk while it exists and the machine is there. */
function ratesOf(instance: FakeInstance): Rates {
  if (instance.destroyedAtMs !== null || instance.actual === 'offline') return { gpuUsdPerHour: 0, diskUsdPerHour: 0 };
  const isOn = ['running', 'frozen', 'rebooting'].includes(instance.actual ?? '');
  return {
    gpuUsdPerHour: isOn ? instance.offer.dph_base : 0,
    diskUsdPerHour: (instance.offer.storage_cost * instance.diskGb) / MONTH_HOURS,
  };
}

/** Takes the cost of the time since the last bill from the credit; where that runs out, everything is stopped. */
export function billUntil(world: BilledWorld, untilMs: number): void {
  while (world.billedUntilMs < untilMs) {
    const living = world.living();
    const emptyMs = Math.min(...world.accounts.map((account) => emptyInMs(account, living)));
    const endMs = Math.min(untilMs, world.billedUntilMs + Math.max(1, emptyMs), nextMidnight(world.billedUntilMs));
    for (const instance of living) billInstance(world, instance, endMs - world.billedUntilMs);
    world.billedUntilMs = endMs;
    for (const account of world.accounts) if (account.creditUsd <= 1e-9) stopEverything(world, account);
  }
}

/** When the credit of an account is used up, as everything goes on; never for one that has none. */
function emptyInMs({ id, creditUsd }: FakeAccount, living: readonly FakeInstance[]): number {
  const rates = living.filter(({ accountId }) => accountId === id).map(ratesOf);
  const usdPerHour = rates.reduce((sum, { gpuUsdPerHour, diskUsdPerHour }) => sum + gpuUsdPerHour + diskUsdPerHour, 0);
  return usdPerHour > 0 && creditUsd > 0 ? (creditUsd / usdPerHour) * HOUR_MS : Infinity;
}

function billInstance(world: BilledWorld, instance: FakeInstance, durationMs: number): void {
  const rates = ratesOf(instance);
  charge(world, instance, {
    gpuUsd: (rates.gpuUsdPerHour * durationMs) / HOUR_MS,
    diskUsd: (rates.diskUsdPerHour * durationMs) / HOUR_MS,
  });
}

/** Bytes that went in and out; they cost in every state. */
export function billTraffic(world: BilledWorld, instance: FakeInstance, downBytes: number, upBytes: number): void {
  charge(world, instance, {
    downBytes,
    upBytes,
    downUsd: (downBytes / 1e9) * instance.offer.inet_down_cost,
    upUsd: (upBytes / 1e9) * instance.offer.inet_up_cost,
  });
}

function charge(world: BilledWorld, instance: FakeInstance, amounts: Partial<FakeMeter>): void {
  const day = dayOf(world.billedUntilMs);
  const daily = instance.days.get(day) ?? { gpuUsd: 0, diskUsd: 0, downUsd: 0, upUsd: 0, downBytes: 0, upBytes: 0 };
  instance.days.set(day, daily);
  const account = world.accounts.find(({ id }) => id === instance.accountId);
  for (const [name, amount] of Object.entries(amounts) as [keyof FakeMeter, number][]) {
    daily[name] += amount;
    instance.meter[name] += amount;
    if (name.endsWith('Usd') && account) {
      account.creditUsd -= amount;
      account.spentUsd += amount;
    }
  }
}

/** Without credit the GPUs are taken away; disks stay, and are billed on. */
function stopEverything(world: BilledWorld, { id }: FakeAccount): void {
  for (const instance of world.living()) {
    if (instance.actual !== 'running' || instance.accountId !== id) continue;
    instance.intended = 'stopped';
    instance.current = 'stopped';
    instance.next = 'stopped';
    instance.actual = 'exited';
    instance.arePortsShown = false;
    instance.hostPort = null;
    world.forget(instance);
    world.after(instance, 0, () => instance.container?.stop());
  }
}

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function nextMidnight(atMs: number): number {
  return Date.parse(dayOf(atMs)) + 86_400_000;
}

/** One row of `GET /charges/` for each instance and day, with the split that vast gives. */
export function chargeRows(world: BilledWorld, accountId: number, fromSeconds: number, toSeconds: number): object[] {
  const own = [...world.instances.values()].filter((instance) => instance.accountId === accountId);
  return own.flatMap((instance) =>
    [...instance.days].flatMap(([day, meter]) => {
      const start = Date.parse(day) / 1000;
      if (start + 86_400 <= fromSeconds || start > toSeconds) return [];
      return [chargeRow(instance, start, meter)];
    }),
  );
}

function chargeRow(instance: FakeInstance, start: number, meter: FakeMeter): object {
  const item = (type: string, amount: number, description: string) => ({ type, amount, description });
  return {
    start,
    end: start + 86_400,
    type: 'instance',
    source: `instance-${instance.id}`,
    description: `Instance ${instance.id}`,
    amount: meter.gpuUsd + meter.diskUsd + meter.downUsd + meter.upUsd,
    metadata: { label: instance.label },
    items: [
      item('gpu', meter.gpuUsd, `at $${instance.offer.dph_base}/hour`),
      item('disk', meter.diskUsd, `${instance.diskGb} GB`),
      item('bwd', meter.downUsd, `${meter.downBytes} bytes`),
      item('bwu', meter.upUsd, `${meter.upBytes} bytes`),
    ],
  };
}
