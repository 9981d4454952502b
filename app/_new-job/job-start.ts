import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { FileRepair } from '../../lib/domain/file-repair';
import type { Finding } from '../../lib/domain/finding';
import type { ModelCheckView } from '../../lib/domain/model-check';
import type { QuantizationType } from '../../lib/domain/quantization-types';

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
  } | null;
}

/** An empty form, but for what the address names. */
export function plainStart(model: string, instanceId: string): JobStart {
  return { model, revision: '', location: 'host', instanceId, outputs: ['Q4_K_M'], repair: null };
}

/** A form filled from a check: the very commit that was looked at, the recommended file, the approved repair. */
export function startFromCheck(check: ModelCheckView, approvesRepair: boolean): JobStart {
  const { source, report } = check;
  const { patch, files } = report?.repair ?? { patch: {}, files: [] };
  const hasRepair = Object.keys(patch).length + files.length > 0;
  const recommended = report?.fits.find((fit) => fit.isRecommended)?.type;
  return {
    model: source.kind === 'hub' ? source.repo : source.path,
    revision: source.kind === 'hub' ? (check.commit ?? source.revision) : '',
    location: source.kind === 'folder' && source.instanceId !== null ? 'host' : 'dashboard',
    instanceId: source.kind === 'folder' ? (source.instanceId ?? '') : '',
    outputs: [recommended ?? 'Q4_K_M'],
    repair: approvesRepair && report && hasRepair ? { patch, files, findings: report.findings } : null,
  };
}
