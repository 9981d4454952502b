import type { GpuSample } from '../domain/sample';

const MIB = 1024 * 1024;
const MAX_GPUS = 64;
const MAX_NAME_LENGTH = 100;

/**
 * A value of `nvidia-smi --format=csv`, with or without its unit. What a driver cannot tell is spelled `[N/A]`, `N/A`,
 * `[Not Supported]` (before 530), `[Unknown Error]`, `[Insufficient Permissions]`, `[GPU requires reset]` or `ERR!`:
 * all of these are null.
 */
function parseValue(field: string | undefined): number | null {
  const match = /^(-?\d+(?:\.\d+)?)\s*(?:%|MiB|MB|C|W)?$/.exec((field ?? '').trim());
  return match ? Number(match[1]) : null;
}

/**
 * GPUs from the CSV that `hostSamplerScript` asks for. Lines that do not begin with an index are messages of the tool
 * ("No devices were found", "NVIDIA-SMI has failed because …") and are left out: no reading is better than a made-up one.
 */
export function parseNvidiaSmi(text: string): GpuSample[] {
  const gpus: GpuSample[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(',').map((field) => field.trim());
    if (fields.length < 7 || !/^\d{1,3}$/.test(fields[0] ?? '') || gpus.length >= MAX_GPUS) continue;
    // Fields after the name are counted from the end, so that a comma in a product name shifts nothing.
    const [utilization, memoryUsed, memoryTotal, temperature, power] = fields.slice(-5).map(parseValue);
    gpus.push({
      index: Number(fields[0]),
      name: fields.slice(1, -5).join(', ').slice(0, MAX_NAME_LENGTH),
      utilizationPercent: utilization ?? null,
      memoryUsedBytes: toBytes(memoryUsed),
      memoryTotalBytes: toBytes(memoryTotal),
      temperatureCelsius: temperature ?? null,
      powerWatts: power ?? null,
    });
  }
  return gpus;
}

function toBytes(mebibytes: number | null | undefined): number | null {
  return mebibytes === null || mebibytes === undefined ? null : mebibytes * MIB;
}
