import { formatBytes } from '../domain/bytes';
import type { DeviceProfile } from '../domain/device';
import type { Fit, FitVerdict } from '../domain/model-check';
import { QUANTIZATIONS, type QuantizationType } from '../domain/quantization-types';
import { type DeviceRoom, roomOf } from './device-profiles';

/** What a file needs, whatever it runs on. */
export type FileNeeds = Pick<Fit, 'type' | 'sizeBytes' | 'ramByContext'>;

/** Of the room, from where on the rest is too little for comfort. */
const TIGHT_SHARE = 0.9;

/**
 * What we would choose from, best first, each only while it leaves this much of the room free: what a larger file gains
 * is soon less than what it costs in speed.
 */
const LADDER: readonly { readonly type: QuantizationType; readonly largestShare: number }[] = [
  { type: 'Q8_0', largestShare: 0.25 },
  { type: 'Q6_K', largestShare: 0.5 },
  { type: 'Q5_K_M', largestShare: 0.75 },
  ...(['Q4_K_M', 'IQ4_XS', 'Q3_K_M', 'IQ3_M', 'Q3_K_S', 'Q2_K', 'MXFP4_MOE'] as const).map((type) => ({
    type,
    largestShare: 1,
  })),
];

/**
 * Verdicts and a recommendation for one device and one length of conversation.
 * @param contextTokens the shortest that is known when absent, or when none is that long.
 */
export function fitsOnDevice(files: readonly FileNeeds[], device: DeviceProfile, contextTokens?: number): Fit[] {
  const room = roomOf(device);
  const fits = files.map((file) => judge(file, room, contextTokens));
  const best = recommend(fits, room);
  return fits.map((fit) => (fit === best ? { ...fit, isRecommended: true, note: reason(fit, device, room) } : fit));
}

function judge({ type, sizeBytes, ramByContext }: FileNeeds, room: DeviceRoom, contextTokens?: number): Fit {
  const wanted = ramByContext.find((each) => each.contextTokens === contextTokens) ?? ramByContext[0];
  const chosen = wanted ?? { contextTokens: 0, ramBytes: sizeBytes };
  return {
    type,
    sizeBytes,
    ...chosen,
    ramByContext,
    verdict: verdictOf(chosen.ramBytes, room),
    isRecommended: false,
    note: QUANTIZATIONS[type].note,
  };
}

function verdictOf(ramBytes: number, room: DeviceRoom): FitVerdict {
  if (ramBytes <= room.fullSpeedBytes * TIGHT_SHARE) return 'fits';
  return ramBytes <= room.mostBytes ? 'tight' : 'too-big';
}

function recommend(fits: readonly Fit[], room: DeviceRoom): Fit | null {
  const byType = new Map(fits.map((fit) => [fit.type, fit]));
  for (const { type, largestShare } of LADDER) {
    const fit = byType.get(type);
    if (fit?.verdict === 'fits' && fit.ramBytes <= largestShare * room.fullSpeedBytes) return fit;
  }
  for (const { type } of LADDER) {
    const fit = byType.get(type);
    if (fit?.verdict === 'tight') return fit;
  }
  return null;
}

function reason(fit: Fit, device: DeviceProfile, room: DeviceRoom): string {
  const { note } = QUANTIZATIONS[fit.type];
  const conversation = `a conversation of ${fit.contextTokens.toLocaleString('en-US')} tokens`;
  const need = `it needs ${formatBytes(fit.ramBytes)} with ${conversation}`;
  if (fit.verdict === 'fits') {
    const place = device.graphicsBytes === null ? 'memory' : "the graphics card's memory";
    return `${note}; ${need}, and ${formatBytes(room.fullSpeedBytes)} of ${place} are free for it on this device.`;
  }
  const slower =
    device.graphicsBytes === null && !device.isUnified ? 'close other programs first' : 'a part of it runs slower';
  return `${note}; ${need}, which only just fits: ${slower}.`;
}
