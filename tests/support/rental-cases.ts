import { rentalTermsSchema } from '../../lib/domain/rental';
import type { RentalAction } from '../../lib/domain/rental-action';
import type { RentalRecord, RentalSight, RentalTryRecord } from '../../lib/domain/rental-record';
import type { RentedInstance } from '../../lib/domain/rented-instance';
import { exampleEstimate, exampleOffer, exampleWork } from './rental-examples';

export const NOW_MS = 1_800_000_000_000;
export const MINUTE_MS = 60_000;
export const LABEL = 'quantdeck:here:try-1';

/** A machine that runs; tests change what they are about. */
export function exampleSeen(change: Partial<RentedInstance> = {}): RentedInstance {
  return {
    id: '500',
    machineId: '77',
    label: LABEL,
    actualStatus: 'running',
    intendedStatus: 'running',
    currentState: 'running',
    nextState: 'running',
    statusText: null,
    isBid: false,
    image: 'ubuntu:24.04',
    gpuName: 'RTX 4090',
    gpuCount: 1,
    place: 'Washington, US',
    cores: 16,
    memoryBytes: 64_000_000_000,
    diskBytes: 100_000_000_000,
    diskUsedBytes: null,
    endpoints: [{ kind: 'direct', host: '192.0.2.7', port: 30_022, user: 'root' }],
    runningNanoUsdPerHour: 200_000_000,
    storageNanoUsdPerHour: 20_000_000,
    downNanoUsdPerGb: 3_000_000,
    upNanoUsdPerGb: 3_000_000,
    downBilledBytes: null,
    upBilledBytes: null,
    gauges: {
      gpuUtilizationPercent: null,
      gpuTemperatureCelsius: null,
      cpuUtilizationPercent: null,
      memoryUsedBytes: null,
    },
    rentedAtMs: null,
    endsAtMs: null,
    ...change,
  };
}

/** A try whose machine has answered. */
export function exampleTry(change: Partial<RentalTryRecord> = {}): RentalTryRecord {
  return {
    id: 'try-1',
    ordinal: 1,
    state: 'there',
    label: LABEL,
    machineId: '77',
    offer: exampleOffer(),
    estimate: exampleEstimate(),
    serviceId: '500',
    accountId: 'account-1',
    sentAtMs: NOW_MS - 10 * MINUTE_MS,
    thereAtMs: NOW_MS - 10 * MINUTE_MS,
    reachableAtMs: NOW_MS - 5 * MINUTE_MS,
    releasedAtMs: null,
    goneAtMs: null,
    failure: null,
    phase: 'running',
    phaseSinceMs: NOW_MS,
    failingSinceMs: null,
    failingWith: null,
    selfStop: null,
    ...change,
  };
}

/** A rental whose machine is ready. */
export function exampleRecord(change: Partial<RentalRecord> = {}, terms: object = {}): RentalRecord {
  return {
    id: 'rental-1',
    instanceId: 'instance-1',
    terms: rentalTermsSchema.parse({
      mostNanoUsdPerHour: 1_000_000_000,
      mostNanoUsd: 10_000_000_000,
      mostMs: 24 * 3_600_000,
      ...terms,
    }),
    work: exampleWork(),
    goal: 'running',
    goalAtMs: NOW_MS - MINUTE_MS,
    goalBy: 'person',
    state: 'ready',
    stateSinceMs: NOW_MS - 5 * MINUTE_MS,
    seen: null,
    startAskedAtMs: null,
    restartWantedAtMs: null,
    idleSinceMs: null,
    savingSinceMs: null,
    spentNanoUsd: 0,
    spentDiskNanoUsd: 0,
    spentTrafficNanoUsd: 0,
    spentUntilMs: null,
    failure: null,
    alarm: null,
    requestFailure: null,
    createdAtMs: NOW_MS - 20 * MINUTE_MS,
    tries: [exampleTry()],
    ...change,
  };
}

/** Everything is seen, nothing was asked for lately, and a job runs. */
export function exampleSight(change: Partial<RentalSight> = {}, ...instances: RentedInstance[]): RentalSight {
  return {
    nowMs: NOW_MS,
    list: { readAtMs: NOW_MS, instances: instances.length > 0 ? instances : [exampleSeen()] },
    credit: null,
    blindness: null,
    keeperSinceMs: NOW_MS - 3_600_000,
    knockedAtMs: NOW_MS,
    jobs: { open: 1, ended: 0, hasSucceeded: false, unsaved: [], unsavedBytes: 0, arrivedAtMs: null, saving: 0 },
    askedAtMs: { destroy: null, start: null, stop: null, choose: null, save: null },
    failures: 0,
    ...change,
  };
}

/** What an action comes to, short enough to compare. */
export function told(action: RentalAction): object {
  if (action.kind !== 'write') return { kind: action.kind };
  const { rental, attempt, event, ...more } = action.change;
  return {
    ...(rental?.goal === undefined ? {} : { goal: rental.goal }),
    ...(rental?.state === undefined ? {} : { state: rental.state }),
    ...(rental?.alarm === undefined ? {} : { alarm: rental.alarm?.code ?? null }),
    ...(rental?.failure === undefined ? {} : { failure: rental.failure?.code ?? null }),
    ...(rental?.idleSinceMs === undefined ? {} : { idleSinceMs: rental.idleSinceMs }),
    ...(attempt?.state === undefined ? {} : { attempt: attempt.state }),
    ...(event === undefined ? {} : { says: event.level }),
    ...(more.avoids ? { avoids: more.avoids.machineId } : {}),
    ...(more.hasEnded ? { hasEnded: true } : {}),
  };
}
