import { runtime } from './runtime';
import type { Transaction } from './write-transaction';

/** Keys of the Setting table. */
export const SETTING_KEYS = [
  'hfEndpoint',
  'releaseBase',
  'sourceBase',
  'pipIndexUrl',
  'pipConstraints',
  'npmRegistry',
  'setupToken',
  'devices',
  'defaultDevice',
  'installationId',
  'rentalMonthNanoUsd',
] as const;
export type SettingKey = (typeof SETTING_KEYS)[number];

/** Owner of the hub token in the secret box. */
export const HUB_TOKEN_OWNER = 'setting:hfToken';
/** Owner of the rental service's key there. */
export const VAST_KEY_OWNER = 'setting:vastKey';
/** The row of Quantdeck's own ED25519 key, used for every instance that did not bring one. */
export const DEFAULT_KEY_ID = 'default';

/** Whoever can read settings: inside a transaction that is the transaction, since everybody else waits for its end. */
export type SettingReader = Pick<Transaction, 'setting'>;

/** One setting as stored, null when it was never set. */
export async function readSetting(key: SettingKey, reader: SettingReader = runtime().client): Promise<unknown> {
  return (await reader.setting.findUnique({ where: { key } }))?.value ?? null;
}

/** Sets a setting; null removes it. */
export async function writeSetting(
  transaction: Transaction,
  key: SettingKey,
  value: string | number | object | null,
): Promise<void> {
  if (value === null) {
    await transaction.setting.deleteMany({ where: { key } });
    return;
  }
  await transaction.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
}
