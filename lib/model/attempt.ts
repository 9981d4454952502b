import { isFailureError } from '../domain/failure';
import { FINDING_CODES, type Finding } from '../domain/finding';

/** Runs one check; a failure that it throws becomes a finding that blocks. */
export async function attempt<T>(findings: Finding[], check: () => Promise<T>): Promise<T | null> {
  try {
    return await check();
  } catch (error) {
    const known = isFailureError(error) ? FINDING_CODES.find((code) => code === error.failure.code) : undefined;
    if (!isFailureError(error) || known === undefined) throw error;
    const { message, remedy, evidence } = error.failure;
    findings.push({ code: known, severity: 'blocks', message, remedy, evidence });
    return null;
  }
}
