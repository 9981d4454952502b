import { conversionSpecSchema } from '../../lib/domain/conversion-spec';
import { FailureError, toFailure } from '../../lib/domain/failure';
import type { RentalState } from '../../lib/domain/rental';
import type { RentedInstance } from '../../lib/domain/rented-instance';
import type { UtilizationLook } from '../../lib/domain/utilization-trail';
import { openClient } from '../../lib/store/client';
import type { Prisma, PrismaClient } from '../../lib/store/generated/client';
import { toJson, toRequiredJson } from '../../lib/store/json-column';
import { exampleWork } from './rental-examples';
import { exampleRental, exampleSeen, exampleTry } from './rental-view-examples';

interface SeededRental {
  readonly id: string;
  readonly name: string;
  readonly state: RentalState;
  readonly ageMs: number;
  readonly seen?: RentedInstance | null;
  readonly idleMs?: number;
  readonly spentNanoUsd?: number;
  readonly row?: Partial<Prisma.RentalUncheckedCreateInput>;
}

const MINUTE_MS = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);

/** Ten minutes of looks that end with the present one. */
function exampleTrail({ gauges }: RentedInstance): readonly UtilizationLook[] {
  return Array.from({ length: 20 }, (_, index) => ({
    at: ago((20 - index) * 30_000).toISOString(),
    gpuPercent: gauges.gpuUtilizationPercent,
    cpuPercent: Math.max(0, (gauges.cpuUtilizationPercent ?? 0) - ((index * 37) % 23)),
  }));
}

const UNPROVEN = toFailure(
  new FailureError('rental-release-unproven', 'Instance 4003 was given back three times and is still in the list.', {
    remedy: 'Look at it on vast.ai yourself. Quantdeck goes on trying.',
    evidence: ['04:10 destroy: 200', '04:12 list: 4003 is there, running'],
    isTransient: true,
  }),
);
const BROKEN = toFailure(
  new FailureError('rental-machine-broken', 'Its own disk is full: no space left on device.', {
    remedy: 'Another machine is taken.',
  }),
);
const SILENT = toFailure(new FailureError('rental-unreachable', 'vast.ai did not answer.', { isTransient: true }));

const LOADING = exampleSeen({
  id: '4004',
  actualStatus: 'loading',
  statusText: 'Pulling fs layer: 7 of 12',
  endpoints: [],
});

/** Fills the database of a dashboard that does not run with rented machines in every state that pages have to show. */
export async function seedRentals(dataFolder: string): Promise<void> {
  const client = await openClient(dataFolder);
  try {
    await fillRentals(client);
  } finally {
    await client.$disconnect();
  }
}

/** The same, in a database that is open. */
export async function fillRentals(client: PrismaClient): Promise<void> {
  await seedOpenRentals(client);
  await seedEndedRental(client);
  await seedAccount(client);
}

async function seedOpenRentals(client: PrismaClient): Promise<void> {
  await addRental(client, { id: 'working', name: 'phi-4 on vast.ai', state: 'ready', ageMs: 22 * MINUTE_MS });
  await client.rentalTry.updateMany({ where: { rentalId: 'working' }, data: { selfStop: 'no-key' } });
  await addRental(client, {
    id: 'idle',
    name: 'mibera-v1 on vast.ai',
    state: 'ready',
    ageMs: 90 * MINUTE_MS,
    idleMs: 11 * MINUTE_MS,
    spentNanoUsd: 1_640_000_000,
    row: { spentDiskNanoUsd: 52_000_000n, spentTrafficNanoUsd: 88_000_000n },
    seen: exampleSeen({ id: '4002', gauges: { ...exampleSeen().gauges, cpuUtilizationPercent: 1 } }),
  });
  await addRental(client, {
    id: 'coming',
    name: 'a model whose name has no place to break-abcdefghijabcdefghijabcdefghijabcdefghij',
    state: 'coming',
    ageMs: 80_000,
    spentNanoUsd: 90_000,
    seen: LOADING,
  });
  await addRental(client, {
    id: 'unproven',
    name: 'smollm2 on vast.ai',
    state: 'releasing',
    ageMs: 14 * MINUTE_MS,
    seen: exampleSeen({ id: '4003' }),
    row: { goal: 'gone', alarm: toJson(UNPROVEN) },
  });
  // As its keeper finds it: given back long ago and still there, so that the alarm stays.
  const given = { state: 'releasing', releasedAt: ago(14 * MINUTE_MS) };
  await client.rentalTry.updateMany({ where: { rentalId: 'unproven' }, data: given });
  await addUnsavedFile(client, 'instance-idle');
}

/** A job that is done on a machine, with a file that was never brought home. */
export async function addUnsavedFile(client: PrismaClient, instanceId: string): Promise<void> {
  const source = { kind: 'hub', repo: 'acme/mibera-v1' } as const;
  const spec = conversionSpecSchema.parse({ source, instanceId, outputs: ['Q3_K_M'] });
  const job = { id: 'done-there', name: 'mibera-v1', status: 'succeeded', definitionVersion: 2, instanceId };
  await client.job.create({ data: { ...job, spec: toRequiredJson(spec), finishedAt: ago(11 * MINUTE_MS) } });
  await client.artifact.create({
    data: {
      id: 'only-there',
      jobId: job.id,
      type: 'Q3_K_M',
      fileName: 'mibera-v1-Q3_K_M.gguf',
      hostPath: '/root/.quantdeck/mibera-v1-Q3_K_M.gguf',
      sizeBytes: 7_300_000_000n,
      sha256: 'a'.repeat(64),
      verdict: 'works',
    },
  });
}

async function seedEndedRental(client: PrismaClient): Promise<void> {
  await addRental(client, {
    id: 'ended',
    name: 'qwen3-8b on vast.ai',
    state: 'ended',
    ageMs: 300 * MINUTE_MS,
    seen: null,
    row: {
      goal: 'gone',
      endedAt: ago(300 * MINUTE_MS),
      chargesAt: ago(200 * MINUTE_MS),
      charges: [
        {
          instanceId: '3999',
          label: 'quantdeck:here:ended1',
          startsAtMs: Date.now() - 360 * MINUTE_MS,
          endsAtMs: Date.now() - 300 * MINUTE_MS,
          totalNanoUsd: 214_000_000,
          computeNanoUsd: 160_000_000,
          diskNanoUsd: 6_000_000,
          downloadNanoUsd: 18_000_000,
          uploadNanoUsd: 30_000_000,
        },
      ],
    },
  });
  const { offer, estimate } = exampleTry();
  const made = {
    rentalId: 'ended',
    machineId: offer.machineId,
    offer: toRequiredJson(offer),
    estimate: toRequiredJson(estimate),
  };
  const broken = { serviceId: '3998', state: 'gone', failure: toJson(BROKEN), goneAt: ago(356 * MINUTE_MS) };
  const good = { serviceId: '3999', state: 'gone', reachableAt: ago(352 * MINUTE_MS), goneAt: ago(300 * MINUTE_MS) };
  await client.rentalTry.deleteMany({ where: { rentalId: 'ended' } });
  await client.rentalTry.createMany({
    data: [
      { ...made, ...broken, id: 'ended0', ordinal: 0, label: 'quantdeck:here:ended0', sentAt: ago(360 * MINUTE_MS) },
      { ...made, ...good, id: 'ended1', ordinal: 1, label: 'quantdeck:here:ended1', sentAt: ago(356 * MINUTE_MS) },
    ],
  });
  await client.rentalEvent.createMany({
    data: [
      { rentalId: 'ended', at: ago(360 * MINUTE_MS), level: 'note', text: 'Asked for a machine in Washington, US.' },
      { rentalId: 'ended', at: ago(357 * MINUTE_MS), level: 'warning', text: 'Its disk is full. It is given back.' },
      { rentalId: 'ended', at: ago(300 * MINUTE_MS), level: 'note', text: 'Billing ended, proven.' },
    ],
  });
}

async function seedAccount(client: PrismaClient): Promise<void> {
  const seen = exampleSeen({ id: '4100', label: 'quantdeck:here:forgotten' });
  const stray = { label: 'quantdeck:here:forgotten', lastSeenAt: ago(40_000) };
  await client.strayInstance.createMany({
    data: [
      { ...stray, serviceId: '4100', seen: toRequiredJson(seen), firstSeenAt: ago(50 * MINUTE_MS) },
      { ...stray, serviceId: '4101', seen: toRequiredJson({ ...seen, id: '4101' }), choice: 'ignore' },
    ],
  });
  const running = ['4001', '4002', '4003', '4100', '4101'].map((id) => exampleSeen({ id }));
  const instances = [...running, LOADING];
  const watch = {
    readAt: ago(40_000),
    instances: [...instances, exampleSeen({ id: '88', label: 'my own training' })] as never,
    failure: toJson(SILENT),
    creditNanoUsd: 12_340_000_000n,
  };
  await client.rentalWatch.upsert({ where: { service: 'vast' }, create: { service: 'vast', ...watch }, update: watch });
}

export async function addRental(client: PrismaClient, rental: SeededRental): Promise<void> {
  const {
    id,
    name,
    state,
    ageMs,
    seen = exampleSeen({ id: '4001' }),
    idleMs,
    spentNanoUsd = 310_000_000,
    row,
  } = rental;
  await client.instance.create({
    data: { id: `instance-${id}`, kind: 'rented', name, host: '', port: 0, user: 'root', auth: 'key' },
  });
  await client.rental.create({
    data: {
      id,
      instanceId: `instance-${id}`,
      terms: toRequiredJson(exampleRental().terms),
      work: toRequiredJson(exampleWork()),
      state,
      stateSince: ago(ageMs),
      createdAt: ago(ageMs + 4 * MINUTE_MS),
      seen: toJson(seen),
      seenAt: seen === null ? null : ago(40_000),
      utilization: seen === null ? toJson(null) : toJson(exampleTrail(seen)),
      idleSince: idleMs === undefined ? null : ago(idleMs),
      spentNanoUsd: BigInt(spentNanoUsd),
      ...row,
    },
  });
  const { offer, estimate } = exampleTry();
  await client.rentalTry.create({
    data: {
      id: `${id}-try`,
      rentalId: id,
      ordinal: 0,
      state: 'there',
      label: `quantdeck:here:${id}`,
      machineId: offer.machineId,
      offer: toRequiredJson(offer),
      estimate: toRequiredJson(estimate),
      serviceId: seen?.id ?? null,
      sentAt: ago(ageMs + 3 * MINUTE_MS),
      reachableAt: state === 'coming' ? null : ago(ageMs),
    },
  });
  await client.rentalEvent.create({
    data: { rentalId: id, at: ago(ageMs), level: 'note', text: 'It answered by SSH at 192.0.2.7:40022.' },
  });
}
