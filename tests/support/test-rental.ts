import { rentForCheck } from '../../lib/commands/rent-for-check';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import { nanoUsdOf } from '../../lib/domain/money';
import type { RentalState } from '../../lib/domain/rental';
import type { RentedConversion } from '../../lib/domain/rented-conversion';
import { createId } from '../../lib/store/create-id';
import { toJson, toRequiredJson } from '../../lib/store/json-column';
import { runtime } from '../../lib/store/runtime';
import { exampleSeen } from './rental-cases';
import { exampleOffer } from './rental-examples';

/** A report of a model that nothing is wrong with. */
export const SOUND_REPORT: ModelCheckReport = {
  architecture: 'LlamaForCausalLM',
  parameterCount: 1_000_000_000,
  tensorCount: 2,
  totalBytes: 2_000_000_000,
  dtype: 'BF16',
  facts: {},
  findings: [],
  repair: { patch: {}, undetermined: [], files: [], answers: [] },
  provenance: [],
  fits: [],
  stops: null,
  stopsAfterRepair: null,
  refusedAnswers: [],
  waitsForAnswers: false,
  bytesRead: 1,
  durationMs: 1,
};

export const TERMS = {
  mostNanoUsdPerHour: nanoUsdOf(0.3),
  mostNanoUsd: nanoUsdOf(1),
  mostMs: 4 * 3_600_000,
} as const;

/** A check as it stands once it has succeeded, of the hub's `acme/tiny`. */
export async function addTestCheck(change: Partial<ModelCheckReport> = {}, source?: object): Promise<string> {
  const id = createId();
  await runtime().client.modelCheck.create({
    data: {
      id,
      source: toRequiredJson(source ?? { kind: 'hub', repo: 'acme/tiny', revision: 'main' }),
      commit: 'a'.repeat(40),
      status: 'succeeded',
      report: toRequiredJson({ ...SOUND_REPORT, ...change }),
    },
  });
  return id;
}

/** A job on a machine that is to be rented for it; nobody keeps rentals here, so the test says what becomes of it. */
export async function addRentedJob(change: Partial<RentedConversion> = {}) {
  const checkId = change.checkId ?? (await addTestCheck());
  return rentForCheck({ outputs: ['F16', 'Q4_K_M'], rental: TERMS, ...change, checkId });
}

/** As the keeper writes it: where a rental stands now. */
export async function moveRental(rentalId: string, state: RentalState, data: object = {}): Promise<void> {
  const endedAt = state === 'ended' ? new Date() : null;
  await runtime().client.rental.update({ where: { id: rentalId }, data: { state, endedAt, ...data } });
}

/** As the keeper writes it: a machine that answered by SSH. */
export async function putMachine(rentalId: string, ordinal = 1): Promise<void> {
  const id = createId();
  const now = new Date();
  await runtime().client.rentalTry.create({
    data: {
      id,
      rentalId,
      ordinal,
      state: 'there',
      label: `quantdeck:test:${id}`,
      machineId: '77',
      offer: toRequiredJson(exampleOffer()),
      estimate: toRequiredJson({}),
      serviceId: String(700 + ordinal),
      sentAt: now,
      thereAt: now,
      reachableAt: now,
    },
  });
  await moveRental(rentalId, 'ready', { seen: toJson(SEEN), seenAt: now });
}

export async function tellOf(rentalId: string, text: string, level = 'note'): Promise<void> {
  await runtime().client.rentalEvent.create({ data: { rentalId, level, text } });
}

const SEEN = exampleSeen({
  id: '701',
  label: null,
  image: null,
  endpoints: [],
  gauges: { gpuUtilizationPercent: 0, gpuTemperatureCelsius: 40, cpuUtilizationPercent: 5, memoryUsedBytes: null },
});
