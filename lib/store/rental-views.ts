import type { Failure } from '../domain/failure';
import type { Offer } from '../domain/offer';
import type {
  RentalEventView,
  RentalGoal,
  RentalState,
  RentalTryState,
  RentalTryView,
  RentalView,
  RentalWatchView,
  StrayInstanceView,
} from '../domain/rental';
import { rentalTermsSchema } from '../domain/rental';
import type { RentalEstimate } from '../domain/rental-estimate';
import { parseRentalLabel } from '../domain/rental-label';
import { rentalPhaseOf } from '../domain/rental-phase';
import { nowNanoUsdPerHour } from '../domain/rental-rate';
import { type RentalSummary, rentalSummaryOf } from '../domain/rental-summary';
import type { RentalCharge, RentedInstance } from '../domain/rented-instance';
import type { SelfStop } from '../domain/self-stop';
import type { UtilizationLook } from '../domain/utilization-trail';
import type { Prisma, RentalTry } from './generated/client';
import { fromJson } from './json-column';
import { findRentalMonth } from './rental-month-views';
import { runtime } from './runtime';
import { readSetting } from './settings-store';

const PARTS = {
  instance: { select: { name: true, jobs: { select: { id: true }, orderBy: { createdAt: 'asc' } } } },
  tries: { orderBy: { ordinal: 'asc' } },
} satisfies Prisma.RentalInclude;
type RentalRow = Prisma.RentalGetPayload<{ include: typeof PARTS }>;

/** All rentals, the newest first. */
export async function listRentals(): Promise<RentalView[]> {
  const rows = await runtime().client.rental.findMany({
    include: PARTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(toRentalView);
}

/** One rental, null when there is none of this id. */
export async function findRental(id: string): Promise<RentalView | null> {
  const row = await runtime().client.rental.findUnique({ where: { id }, include: PARTS });
  return row ? toRentalView(row) : null;
}

/** The rental behind an instance, null for a machine that is not rented through us. */
export async function findRentalOfInstance(instanceId: string): Promise<RentalView | null> {
  const row = await runtime().client.rental.findUnique({ where: { instanceId }, include: PARTS });
  return row ? toRentalView(row) : null;
}

/** The story of a rental, oldest line first, without the first `skip` lines. */
export async function listRentalEvents(rentalId: string, skip = 0): Promise<RentalEventView[]> {
  const rows = await runtime().client.rentalEvent.findMany({ where: { rentalId }, orderBy: { id: 'asc' }, skip });
  return rows.map(({ at, level, text }) => ({
    at: at.toISOString(),
    level: level as RentalEventView['level'],
    text,
  }));
}

/** Instances with our label that no rental knows, those first that nobody decided about. */
export async function listStrays(): Promise<StrayInstanceView[]> {
  const rows = await runtime().client.strayInstance.findMany({ orderBy: { firstSeenAt: 'asc' } });
  const own = await readSetting('installationId');
  const views = rows.map(
    (row): StrayInstanceView => ({
      serviceId: row.serviceId,
      label: row.label,
      seen: row.seen as unknown as RentedInstance,
      firstSeenAt: row.firstSeenAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      choice: row.choice as StrayInstanceView['choice'],
      chosenAt: row.chosenAt?.toISOString() ?? null,
      isOwn: parseRentalLabel(row.label)?.installationId === own,
      failure: fromJson<Failure>(row.failure),
    }),
  );
  return views.sort((a, b) => Number(a.choice !== 'none') - Number(b.choice !== 'none'));
}

/** The newest look at the account; null before the first. */
export async function findRentalWatch(): Promise<RentalWatchView | null> {
  const row = await runtime().client.rentalWatch.findFirst({ orderBy: { service: 'asc' } });
  if (!row) return null;
  return {
    readAt: row.readAt?.toISOString() ?? null,
    instances: fromJson<RentedInstance[]>(row.instances) ?? [],
    failure: fromJson<Failure>(row.failure),
    creditNanoUsd: row.creditNanoUsd === null ? null : Number(row.creditNanoUsd),
    creditAt: row.creditAt?.toISOString() ?? null,
  };
}

/** An account may be shown as it was before the newest rental of it ended: so long that one is still known to be ours. */
const LATELY_MS = 3_600_000;

/** What is rented now and what needs a person, for every page. */
export async function findRentalSummary(): Promise<RentalSummary> {
  const lately = new Date(Date.now() - LATELY_MS);
  const [rows, strays, watch, month] = await Promise.all([
    runtime().client.rental.findMany({
      where: { OR: [{ state: { not: 'ended' } }, { endedAt: { gt: lately } }] },
      include: PARTS,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    }),
    listStrays(),
    findRentalWatch(),
    findRentalMonth(),
  ]);
  return rentalSummaryOf(rows.map(toRentalView), strays, watch, month);
}

function toRentalView(row: RentalRow): RentalView {
  const seen = fromJson<RentedInstance>(row.seen);
  const startedAgoMs = row.startAskedAt === null ? null : Date.now() - row.startAskedAt.getTime();
  const phase = seen === null ? null : rentalPhaseOf(seen, startedAgoMs);
  const state = row.state as RentalState;
  return {
    id: row.id,
    instanceId: row.instanceId,
    instanceName: row.instance.name,
    goal: row.goal as RentalGoal,
    state,
    stateSince: row.stateSince.toISOString(),
    phase,
    statusText: seen?.statusText ?? null,
    terms: rentalTermsSchema.parse(row.terms),
    tries: row.tries.map(toTryView),
    money: {
      spentNanoUsd: Number(row.spentNanoUsd),
      spentDiskNanoUsd: Number(row.spentDiskNanoUsd),
      spentTrafficNanoUsd: Number(row.spentTrafficNanoUsd),
      nowNanoUsdPerHour: nowNanoUsdPerHour({ state, hasMachine: row.tries.some(isMachine), seen, phase }),
      charges: fromJson<RentalCharge[]>(row.charges),
    },
    seen,
    seenAt: row.seenAt?.toISOString() ?? null,
    utilization: fromJson<UtilizationLook[]>(row.utilization) ?? [],
    failure: fromJson<Failure>(row.failure),
    alarm: fromJson<Failure>(row.alarm),
    requestFailure: fromJson<Failure>(row.requestFailure),
    idleSince: row.idleSince?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    jobIds: row.instance.jobs.map(({ id }) => id),
  };
}

function isMachine(row: RentalTry): boolean {
  return row.state !== 'gone' && row.serviceId !== null;
}

function toTryView(row: RentalTry): RentalTryView {
  return {
    id: row.id,
    ordinal: row.ordinal,
    state: row.state as RentalTryState,
    offer: row.offer as unknown as Offer,
    estimate: row.estimate as unknown as RentalEstimate,
    serviceId: row.serviceId,
    askedAt: (row.sentAt ?? row.createdAt).toISOString(),
    reachableAt: row.reachableAt?.toISOString() ?? null,
    goneAt: row.goneAt?.toISOString() ?? null,
    failure: fromJson<Failure>(row.failure),
    containerLog: row.containerLog,
    selfStop: row.selfStop as SelfStop | null,
  };
}

export { listUnsavedFiles } from './unsaved-files';
