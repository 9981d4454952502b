import { approvedPatch } from '../../lib/domain/approved-patch';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { DeviceView } from '../../lib/domain/device';
import type { FileRepair } from '../../lib/domain/file-repair';
import type { Finding } from '../../lib/domain/finding';
import { hasChanges } from '../../lib/domain/has-changes';
import type { ModelCheckReport, ModelCheckView } from '../../lib/domain/model-check';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import type { JobDetail } from '../../lib/domain/views';
import type { ShownAnswer } from '../_check/config-diff';
import { recommendedType } from '../_check/recommended-type';

/** What the form of a new job begins with. */
export interface JobStart {
  readonly model: string;
  readonly revision: string;
  readonly location: 'host' | 'dashboard';
  readonly instanceId: string;
  readonly outputs: readonly QuantizationType[];
  /** The repair that the person approved on the check's page. */
  readonly repair: {
    readonly patch: ConfigPatch;
    readonly files: readonly FileRepair[];
    readonly findings: readonly Finding[];
    readonly answers: readonly ShownAnswer[];
  } | null;
}

/** An empty form, but for what the address names. */
export function plainStart(model: string, instanceId: string): JobStart {
  return { model, revision: '', location: 'host', instanceId, outputs: ['Q4_K_M'], repair: null };
}

/** A form filled from a check: the very commit that was looked at, the recommended file, the approved repair. */
export function startFromCheck(
  check: ModelCheckView,
  approvesRepair: boolean,
  devices: readonly DeviceView[],
): JobStart {
  const { source, report } = check;
  return {
    model: source.kind === 'hub' ? source.repo : source.path,
    revision: source.kind === 'hub' ? (check.commit ?? source.revision) : '',
    location: source.kind === 'folder' && source.instanceId !== null ? 'host' : 'dashboard',
    instanceId: source.kind === 'folder' ? (source.instanceId ?? '') : '',
    outputs: [recommendedType(report?.fits ?? [], devices)],
    repair: approvesRepair && report && hasChanges(report.repair) ? approvedParts(report) : null,
  };
}

function approvedParts({ repair, findings }: ModelCheckReport): JobStart['repair'] {
  const { files, answers } = repair;
  return { patch: approvedPatch(repair), files, findings, answers };
}

/** A form filled from a job that is to run again elsewhere or for other files: the same commit, the same repair. */
export function startFromJob({ spec, commit, inspection }: JobDetail, instanceId: string): JobStart {
  const { source, outputs, configPatch, fileRepairs, answeredFields } = spec;
  const answers = answeredFields.map((field) => ({ field, value: configPatch[field] ?? null, options: [] }));
  const findings = inspection?.findings ?? [];
  return {
    model: source.kind === 'hub' ? source.repo : source.path,
    revision: source.kind === 'hub' ? (commit ?? source.revision) : '',
    location: source.kind === 'folder' ? source.location : 'host',
    instanceId,
    outputs,
    repair: hasChanges({ patch: configPatch, files: fileRepairs })
      ? { patch: configPatch, files: fileRepairs, findings, answers }
      : null,
  };
}
