import type { RentalProvider } from '../host-provider';
import { listVastCharges, readVastAccount } from './vast-account';
import { VastApi } from './vast-api';
import type { VastOptions } from './vast-connection';
import {
  changeVastInstance,
  destroyVastInstance,
  findVastInstance,
  findVastInstancesByLabel,
  isVastInstanceGone,
  listVastInstances,
  rebootVastInstance,
  startVastInstance,
} from './vast-instances';
import {
  addVastAccountKey,
  attachVastKey,
  listVastAccountKeys,
  listVastInstanceKeys,
  removeVastAccountKey,
} from './vast-keys';
import { readVastLog } from './vast-logs';
import { findVastOffer, searchVastOffers } from './vast-offers';
import { rentVastOffer } from './vast-rent';
import { readVastRights } from './vast-rights';

/**
 * vast.ai behind the port of rented machines. Keep one for each key: it holds the pace of all requests.
 * @throws FailureError `rental-key-missing`, `rental-key-refused`, `rental-key-mismatch` or `invalid-input`, before
 *   anything is sent.
 */
export function createVastProvider(options: VastOptions): RentalProvider {
  const api = new VastApi(options);
  return {
    service: 'vast',
    isReal: api.connection.isReal,
    searchOffers: (search) => searchVastOffers(api, search),
    findOffer: (offerId, diskGb) => findVastOffer(api, offerId, diskGb),
    rent: (order) => rentVastOffer(api, order),
    list: () => listVastInstances(api),
    find: (instanceId) => findVastInstance(api, instanceId),
    findByLabel: (label) => findVastInstancesByLabel(api, label),
    start: (instanceId) => startVastInstance(api, instanceId),
    stop: (instanceId) => changeVastInstance(api, instanceId, { state: 'stopped' }),
    reboot: (instanceId) => rebootVastInstance(api, instanceId),
    setLabel: (instanceId, label) => changeVastInstance(api, instanceId, { label }),
    destroy: (instanceId) => destroyVastInstance(api, instanceId),
    isGone: (instanceId) => isVastInstanceGone(api, instanceId),
    accountKeys: () => listVastAccountKeys(api),
    addAccountKey: (publicKey) => addVastAccountKey(api, publicKey),
    removeAccountKey: (keyId) => removeVastAccountKey(api, keyId),
    instanceKeys: (instanceId) => listVastInstanceKeys(api, instanceId),
    attachKey: (instanceId, publicKey) => attachVastKey(api, instanceId, publicKey),
    readLog: (instanceId, lines) => readVastLog(api, instanceId, lines),
    account: () => readVastAccount(api),
    checkKey: () => readVastRights(api),
    charges: (fromMs, toMs) => listVastCharges(api, fromMs, toMs),
  };
}
