import type { DeviceProfile } from '../../../lib/domain/device';
import { FailureError } from '../../../lib/domain/failure';
import type { Finding } from '../../../lib/domain/finding';
import type { ModelCheckView } from '../../../lib/domain/model-check';
import type { QuantizationType } from '../../../lib/domain/quantization-types';
import { planWork } from '../../../lib/model/disk-plan';
import { fitsOnDevice } from '../../../lib/model/fits-on-device';
import { listDevices } from '../../../lib/store/device-views';
import { recommendedAmong } from '../../_check/recommended-type';
import { modelCheckQuerySchema } from '../_openapi/input-schemas';
import { readQuery } from './read-input';

const NO_REPAIR = { patch: {}, undetermined: [], files: [], answers: [] };

/** What a check is asked about beside what it found. */
export interface CheckPerspective {
  /** What `fits` are judged for. */
  readonly device: DeviceProfile;
  /** What `steps` are planned for; the recommended file when absent. */
  readonly outputs: readonly QuantizationType[] | undefined;
}

/**
 * Whom and what an answer is for, as a query says it.
 * @throws FailureError `invalid-input`, also when there is no such device.
 */
export async function readPerspective(query: URLSearchParams): Promise<CheckPerspective> {
  const { device, outputs } = readQuery(query, modelCheckQuerySchema);
  return { device: await deviceOf(device), outputs };
}

/** A check as the API answers with it: the report's parts beside the status, each empty until the check has ended. */
export function modelCheckAnswer(view: ModelCheckView, { device, outputs }: CheckPerspective) {
  const { report, ...state } = view;
  const fits = report ? fitsOnDevice(report.fits, device, report.fits[0]?.contextTokens) : [];
  return {
    ...state,
    architecture: report?.architecture ?? null,
    parameterCount: report?.parameterCount ?? null,
    tensorCount: report?.tensorCount ?? null,
    totalBytes: report?.totalBytes ?? null,
    dtype: report?.dtype ?? null,
    facts: report?.facts ?? {},
    findings: (report?.findings ?? []).map(completeFinding),
    repair: report?.repair ?? NO_REPAIR,
    provenance: report?.provenance ?? [],
    fits,
    device: { id: device.id, name: device.name },
    steps: report ? planWork(report, outputs ?? [recommendedAmong(fits)]) : [],
    refusedAnswers: report?.refusedAnswers ?? [],
    waitsForAnswers: report?.waitsForAnswers ?? false,
    bytesRead: report?.bytesRead ?? 0,
    durationMs: report?.durationMs ?? null,
  };
}

async function deviceOf(id: string | undefined): Promise<DeviceProfile> {
  const devices = await listDevices();
  const device = devices.find((one) => (id === undefined ? one.isDefault : one.id === id));
  if (device) return device;
  throw new FailureError('invalid-input', `There is no device ${JSON.stringify(id)}.`, {
    remedy: 'GET /api/v1/devices lists them.',
    evidence: [`device: one of ${devices.map((one) => one.id).join(', ')}`],
  });
}

/** Every finding has every key: who reads the answer need not ask which kind it is. */
function completeFinding(finding: Finding) {
  return {
    ...finding,
    field: finding.field ?? null,
    configured: finding.configured ?? null,
    actual: finding.actual ?? null,
    tensor: finding.tensor ?? null,
  };
}
