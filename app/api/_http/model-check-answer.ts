import type { Finding } from '../../../lib/domain/finding';
import type { ModelCheckView } from '../../../lib/domain/model-check';

const NO_REPAIR = { patch: {}, undetermined: [], files: [] };

/** A check as the API answers with it: the report's parts beside the status, each empty until the check has ended. */
export function modelCheckAnswer(view: ModelCheckView) {
  const { report, ...state } = view;
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
    fits: report?.fits ?? [],
    bytesRead: report?.bytesRead ?? 0,
    durationMs: report?.durationMs ?? null,
  };
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
