import { conversionSpecSchema } from '../domain/conversion-spec';
import type { Offer } from '../domain/offer';
import type { RentalEstimate } from '../domain/rental-estimate';
import type { RentalOutcome } from '../domain/rental-outcome';
import type { RentalWork } from '../domain/rental-work';
import { chargedNanoUsd, type RentalCharge } from '../domain/rented-instance';
import { type StepKind, stepKindOf } from '../domain/step-key';
import type { Prisma } from './generated/client';
import { fromJson } from './json-column';
import { runtime } from './runtime';

/** Old experience is worth little: hosts, lines and this program change. */
const NEWEST = 50;

const PARTS = {
  tries: { orderBy: { ordinal: 'desc' } },
  instance: {
    select: {
      jobs: {
        where: { status: 'succeeded' },
        orderBy: { createdAt: 'asc' },
        include: { steps: { include: { _count: { select: { attempts: true } } } } },
      },
    },
  },
} satisfies Prisma.RentalInclude;
type Row = Prisma.RentalGetPayload<{ include: typeof PARTS }>;
type StepRow = Row['instance']['jobs'][number]['steps'][number];

/** Jobs that succeeded on machines rented for them, the newest first: what was expected beside what came of it. */
export async function listRentalOutcomes(): Promise<RentalOutcome[]> {
  const rows = await runtime().client.rental.findMany({
    where: { instance: { jobs: { some: { status: 'succeeded' } } } },
    include: PARTS,
    orderBy: { createdAt: 'desc' },
    take: NEWEST,
  });
  return rows.flatMap((row) => toOutcome(row) ?? []);
}

function toOutcome(row: Row): RentalOutcome | null {
  const job = row.instance.jobs.find(({ spec }) => conversionSpecSchema.parse(spec).rental?.rentalId === row.id);
  const machine = row.tries.find(({ reachableAt }) => reachableAt !== null);
  if (!job || !machine) return null;
  const askedAt = machine.sentAt ?? machine.createdAt;
  const charged = chargedNanoUsd(fromJson<RentalCharge[]>(row.charges));
  return {
    rentalId: row.id,
    jobId: job.id,
    jobName: job.name,
    offer: machine.offer as unknown as Offer,
    work: row.work as unknown as RentalWork,
    predicted: machine.estimate as unknown as RentalEstimate,
    times: {
      loadMs: between(askedAt, machine.reachableAt),
      // llama.cpp that is there already is found at once: that is its time, though nothing was run.
      setUpMs: timeOf(job.steps, 'prepare-host', 0),
      downloadMs: timeOf(job.steps, 'fetch-model'),
      convertMs: timeOf(job.steps, 'convert-model'),
      imatrixMs: timeOf(job.steps, 'imatrix'),
      quantizeMs: timeOf(job.steps, 'quantize'),
      bringHomeMs: timeOf(job.steps, 'bring-home'),
    },
    totalMs: between(askedAt, row.endedAt),
    totalNanoUsd: charged ?? Number(row.spentNanoUsd),
    isCharged: charged !== null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** All steps of a kind together; null when one of them ran more than once, or found its work done. */
function timeOf(steps: readonly StepRow[], kind: StepKind, leastAttempts = 1): number | null {
  const own = steps.filter(({ key }) => stepKindOf(key) === kind);
  const times = own.map(({ startedAt, finishedAt, _count: { attempts } }) =>
    attempts < leastAttempts || attempts > 1 || startedAt === null ? null : between(startedAt, finishedAt),
  );
  if (times.length === 0 || times.includes(null)) return null;
  return times.reduce<number>((sum, time) => sum + (time ?? 0), 0);
}

function between(from: Date, to: Date | null): number | null {
  return to === null ? null : to.getTime() - from.getTime();
}
