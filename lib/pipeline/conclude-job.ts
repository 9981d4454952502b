import { verdictOf, verdictsOf } from '../domain/artifact';
import { FailureError } from '../domain/failure';
import type { JobLedger, JobRecord, Lease } from './ledger-port';

/**
 * The end of a job all of whose steps are done: it has succeeded only when each file that was asked for was proven to work.
 * @throws FailureError `verification-failed` with what is known of the others.
 */
export async function concludeJob(
  job: JobRecord,
  lease: Lease,
  ledger: Pick<JobLedger, 'listArtifacts' | 'finishJob'>,
): Promise<void> {
  const artifacts = await ledger.listArtifacts(job.id);
  const judged = artifacts.map((artifact) => ({ ...artifact, verdict: verdictOf(artifact.verification) }));
  const bad = judged.filter(({ verdict }) => verdict !== 'works');
  if (verdictsOf(job.spec.outputs, judged).every((verdict) => verdict === 'works')) {
    await ledger.finishJob(lease, { status: 'succeeded', failure: null });
    return;
  }
  const names = bad.map(({ type }) => type).join(', ');
  throw new FailureError('verification-failed', `Not every file was proven to work: ${names}.`, {
    remedy: 'Look at the evidence beside each file. Files that work were kept; retry runs the checks again.',
    evidence: bad.map(
      (artifact) => `${artifact.fileName}: ${artifact.verification?.problem ?? 'it did not generate text'}`,
    ),
  });
}
