import { type RentalTryView, type RentalView, rentalTermsSchema } from '../../lib/domain/rental';
import type { RentedInstance } from '../../lib/domain/rented-instance';
import { exampleSeen as runningMachine } from './rental-cases';
import { exampleEstimate, exampleOffer } from './rental-examples';

/** A rented machine at work, as its provider describes it. */
export function exampleSeen(change: Partial<RentedInstance> = {}): RentedInstance {
  return runningMachine({
    id: '4001',
    label: 'quantdeck:here:try1',
    image: 'ghcr.io/ggml-org/llama.cpp:full',
    diskBytes: 90_000_000_000,
    diskUsedBytes: 20_000_000_000,
    endpoints: [{ kind: 'direct', host: '192.0.2.7', port: 40_022, user: 'root' }],
    runningNanoUsdPerHour: 180_000_000,
    storageNanoUsdPerHour: 4_000_000,
    gauges: {
      gpuUtilizationPercent: 0,
      gpuTemperatureCelsius: 41,
      cpuUtilizationPercent: 93,
      memoryUsedBytes: 9_000_000_000,
    },
    rentedAtMs: Date.parse('2026-01-02T03:00:00.000Z'),
    ...change,
  });
}

/** One request for a machine that was answered with one. */
export function exampleTry(change: Partial<RentalTryView> = {}): RentalTryView {
  return {
    id: 'try1',
    ordinal: 0,
    state: 'there',
    offer: exampleOffer(),
    estimate: exampleEstimate(),
    serviceId: '4001',
    askedAt: '2026-01-02T03:00:01.000Z',
    reachableAt: '2026-01-02T03:02:01.000Z',
    goneAt: null,
    failure: null,
    containerLog: null,
    selfStop: 'armed',
    ...change,
  };
}

/** A rental whose machine is at work. */
export function exampleRental(change: Partial<RentalView> = {}): RentalView {
  return {
    id: 'rental1',
    instanceId: 'instance1',
    instanceName: 'phi-4 on vast.ai',
    goal: 'running',
    state: 'ready',
    stateSince: '2026-01-02T03:02:01.000Z',
    phase: 'running',
    statusText: null,
    terms: rentalTermsSchema.parse({
      mostNanoUsdPerHour: 250_000_000,
      mostNanoUsd: 2_000_000_000,
      mostMs: 6 * 3_600_000,
    }),
    tries: [exampleTry()],
    money: {
      spentNanoUsd: 90_000_000,
      spentDiskNanoUsd: 9_000_000,
      spentTrafficNanoUsd: 1_000_000,
      nowNanoUsdPerHour: 180_000_000,
      charges: null,
    },
    seen: exampleSeen(),
    seenAt: '2026-01-02T03:30:00.000Z',
    utilization: [],
    failure: null,
    alarm: null,
    requestFailure: null,
    idleSince: null,
    endedAt: null,
    createdAt: '2026-01-02T03:00:00.000Z',
    jobIds: ['job1'],
    ...change,
  };
}
