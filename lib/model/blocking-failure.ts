import { FAILURE_CODES, type Failure } from '../domain/failure';
import type { Finding } from '../domain/finding';

/**
 * The failure that a job ends with: the first finding that blocks. All that is wrong with config.json is one failure,
 * so that one repair answers it.
 * @param canRepair there is a patch to offer; without one, only a person can answer.
 */
export function blockingFailure(findings: readonly Finding[], canRepair: boolean): Failure | null {
  const blocking = findings.filter((finding) => finding.severity === 'blocks');
  const [first] = blocking;
  if (!first) return null;
  const code = FAILURE_CODES.find((known) => known === first.code);
  if (code) return { code, ...sayings(first), isTransient: false };
  return configFailure(
    blocking.filter((finding) => finding.code.startsWith('config-')),
    canRepair,
  );
}

function configFailure(findings: readonly Finding[], canRepair: boolean): Failure {
  const sentences = findings.map((finding) => finding.message);
  const fields = new Set(findings.flatMap(({ field }) => (field === undefined ? [] : [field])));
  const count = `${fields.size} field${fields.size === 1 ? '' : 's'}`;
  return {
    code: canRepair ? 'model-config-contradicts-tensors' : 'model-config-missing',
    message: canRepair
      ? `config.json contradicts the weights in ${count}. ${sentences.join(' ')}`
      : `config.json does not say all that converting needs (${count}). ${sentences.join(' ')}`,
    remedy: canRepair
      ? 'Accept the repaired config.json: it changes only these fields, to what is proven.'
      : (findings[0]?.remedy ?? ''),
    evidence: sentences,
    isTransient: false,
  };
}

function sayings({ message, remedy, evidence }: Finding): Pick<Failure, 'message' | 'remedy' | 'evidence'> {
  return { message, remedy, evidence };
}
