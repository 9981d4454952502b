import type { ByteRangeReader } from './byte-range-reader';
import { type FieldVerdict, fieldVerdict } from './config-check';
import { type ConfigReader, defaultOf } from './config-reader';
import type { TensorFact } from './fact-draft';
import type { SafetensorsHeader, TensorInfo } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';

export interface RotaryEvidence {
  /** Base of the rotary positions. */
  readonly theta: TensorFact;
  /** Numbers of each head that rotate. */
  readonly rotaryDim: TensorFact;
}

const FREQUENCIES = /(?:^|\.)rotary_emb\.inv_freq$/;
const MAX_FREQUENCIES = 1024;

/**
 * Old checkpoints keep the rotary frequencies as a buffer of a few hundred bytes: theta^(-2i/d) for i = 0, 1, …. That
 * proves theta and d, which no shape does. The converter drops the tensor, so it is of no other use. Null when there is
 * none, or its numbers are no such series.
 */
export async function readRotaryEvidence(
  reader: ByteRangeReader,
  headers: readonly SafetensorsHeader[],
): Promise<RotaryEvidence | null> {
  for (const header of headers) {
    const tensor = header.tensors.find(({ name, shape }) => FREQUENCIES.test(name) && shape.length === 1);
    const length = tensor?.shape[0] ?? 0;
    if (!tensor || length < 2 || length > MAX_FREQUENCIES) continue;
    const bytes = await reader.read(tensor.file, header.headerBytes + tensor.begin, tensor.end - tensor.begin);
    const theta = thetaOf(decodeFloats(bytes, tensor.dtype), tensor);
    if (theta === null) continue;
    const proof = { tensor: tensor.name, shape: tensor.shape };
    return { theta: { ...proof, value: theta }, rotaryDim: { ...proof, value: 2 * length } };
  }
  return null;
}

function thetaOf(frequencies: readonly number[], tensor: TensorInfo): number | null {
  const length = frequencies.length;
  const last = frequencies.at(-1) ?? 0;
  if (length !== tensor.shape[0] || !(last > 0) || Math.abs((frequencies[0] ?? 0) - 1) > 1e-3) return null;
  const exact = last ** (-length / (length - 1));
  const tolerance = tensor.dtype === 'F32' || tensor.dtype === 'F64' ? 1e-4 : 2e-2;
  const isSeries = frequencies.every((each, at) => Math.abs(each / exact ** (-at / length) - 1) < tolerance);
  if (!isSeries || !Number.isFinite(exact)) return null;
  // Half precision keeps three digits, single precision seven; a round number that near is the one that was meant.
  const round = Number(exact.toPrecision(3));
  if (Math.abs(round / exact - 1) < 1e-5) return round;
  return Number(exact.toPrecision(tolerance < 1e-3 ? 6 : 2));
}

function decodeFloats(bytes: Uint8Array, dtype: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  const size = dtype === 'F64' ? 8 : dtype === 'F32' ? 4 : 2;
  for (let at = 0; at + size <= bytes.byteLength; at += size) {
    if (dtype === 'F64') values.push(view.getFloat64(at, true));
    else if (dtype === 'F32') values.push(view.getFloat32(at, true));
    else if (dtype === 'F16') values.push(fromHalf(view.getUint16(at, true)));
    else if (dtype === 'BF16') values.push(fromBfloat(view.getUint16(at, true)));
  }
  return values;
}

function fromBfloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const PARTIAL_KEYS = ['partial_rotary_factor', 'rotary_pct', 'rope_pct'];
const THETA_KEYS = ['rope_theta', 'rotary_emb_base'];

/** The facts with the head's size, where all of a head rotates and its frequencies are there. */
export function withRotaryFacts(facts: TensorFacts, rotary: RotaryEvidence | null, config: ConfigReader): TensorFacts {
  const mayRotatePart =
    !config.defaults || config.defaults.ownKey(PARTIAL_KEYS) !== null || config.has('partial_rotary_factor');
  const { query_rows: query, key_rows: key, head_dim: known } = facts.facts;
  if (!rotary || mayRotatePart || known || !query || !key) return facts;
  const size = Number(rotary.rotaryDim.value);
  if (Number(query.value) % size !== 0 || Number(key.value) % size !== 0) return facts;
  return { ...facts, facts: { ...facts.facts, head_dim: rotary.rotaryDim } };
}

/** config.json's rotary base against the one that the frequencies prove. */
export function checkRotary(rotary: RotaryEvidence, config: ConfigReader): FieldVerdict[] {
  const proven = Number(rotary.theta.value);
  const found = config.fields(THETA_KEYS);
  const wrong = found.filter(({ value }) => typeof value !== 'number' || Math.abs(value / proven - 1) > 0.03);
  if (found.length > 0) return wrong.map(({ key, value }) => fieldVerdict(key, value, rotary.theta));
  const own = config.defaults?.ownKey(THETA_KEYS) ?? null;
  if (own === null || config.mentions(['rope_parameters'])) return [];
  const assumed = defaultOf(config, own);
  if (assumed === proven) return [];
  return [fieldVerdict(config.section + own, null, rotary.theta, { assumed })];
}

/** True for the keys whose value the frequencies prove. */
export function isRotaryBase(key: string): boolean {
  return THETA_KEYS.includes(key);
}
