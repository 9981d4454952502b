import path from 'node:path';
import type { RentalProvider } from '../hosts/host-provider';
import { VAST_URL } from '../hosts/vast/vast-connection';
import { RentalKeeper } from '../rentals/rental-keeper';
import type { RentalLedger } from '../rentals/rental-ledger-port';
import { quote } from '../ssh/shell-quote';
import { findPublicKey } from '../store/connection-store';
import { createId } from '../store/create-id';
import { ensureInstallationId } from '../store/installation';
import { forgetPlacedKey, listPlacedKeys, notePlacedKey } from '../store/placed-key-store';
import {
  findLabeledTry,
  hasDoubtfulTries,
  listAvoidedMachines,
  listStrayRecords,
  recordAccountFailure,
  recordAccountSight,
  recordCredit,
  recordStrayFailure,
  removeStray,
} from '../store/rental-account';
import {
  listEndedRentals,
  noteRental,
  recordContainerLog,
  recordRentalCharges,
  recordRequestFailure,
} from '../store/rental-aftermath';
import { rentalJobsOf, saveRentedFiles } from '../store/rental-jobs';
import { addRentalTry, changeRental, recordSpending } from '../store/rental-ledger';
import { listRentalOutcomes } from '../store/rental-outcome-views';
import { findRentalRecord, listOpenRentals } from '../store/rental-records';
import type { ServerEnv } from './env';
import type { Logger } from './logger';
import { startRentalDesk } from './rental-desk';
import { createRentalReach } from './rented-session';
import { systemClock } from './system-clock';

/** Twice as long as anything that a dashboard does without touching the lease. */
const DEAD_MAN = { idleSeconds: 1800, everySeconds: 30 };

/** What the keeper writes down goes into the database. */
export const rentalLedger: RentalLedger = {
  listOpen: listOpenRentals,
  find: (rentalId) => findRentalRecord(rentalId),
  change: changeRental,
  addTry: addRentalTry,
  reckon: recordSpending,
  recordRequest: recordRequestFailure,
  recordContainerLog,
  note: noteRental,
  listOutcomes: listRentalOutcomes,
  avoidedMachines: listAvoidedMachines,
  jobsOf: rentalJobsOf,
  save: saveRentedFiles,
  // A rental's instance has a key of ours from its first moment on.
  publicKeyOf: async (instanceId) => (await findPublicKey(instanceId)) ?? '',
  notePlacedKey,
  listPlacedKeys,
  forgetPlacedKey,
  tryOfLabel: findLabeledTry,
  recordSight: recordAccountSight,
  recordBlindness: recordAccountFailure,
  recordCredit,
  listStrays: listStrayRecords,
  recordStrayFailure,
  removeStray,
  hasDoubts: hasDoubtfulTries,
  listUncharged: listEndedRentals,
  recordCharges: recordRentalCharges,
};

/** All that talks with the rental service beside connections to its machines. */
export interface Rentals {
  /** Something may be wanted now. */
  wake(): void;
  stop(): Promise<void>;
}

/** Starts the desk that answers questions about the service, and the keeper of rented machines. */
export async function startRentals(parts: {
  readonly env: Pick<ServerEnv, 'vastUrl'>;
  readonly packageRoot: string;
  readonly openProvider: () => Promise<RentalProvider>;
  readonly logger: Logger;
}): Promise<Rentals> {
  const desk = await startRentalDesk(parts);
  const assetsFolder = path.join(parts.packageRoot, 'lib', 'ssh', 'host');
  const keeper = new RentalKeeper({
    ledger: rentalLedger,
    openProvider: parts.openProvider,
    reach: createRentalReach({ assetsFolder }),
    clock: { nowMs: Date.now, sleep: napUntil },
    logger: parts.logger,
    newId: createId,
    quote,
    installationId: await ensureInstallationId(),
    serviceUrl: parts.env.vastUrl ?? VAST_URL,
    deadMan: DEAD_MAN,
  });
  keeper.start();
  return {
    wake() {
      desk.wake();
      keeper.wake();
    },
    async stop() {
      await Promise.all([desk.stop(), keeper.stop()]);
    },
  };
}

/** A pause that ends early, without an error, when somebody wakes it. */
async function napUntil(durationMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await systemClock.sleep(durationMs, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
