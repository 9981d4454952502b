import { verdictOf } from '../../domain/artifact';
import { toFailure } from '../../domain/failure';
import { ownDiskOf, transferHome } from '../artifact-transfer';
import type { ArtifactRecord } from '../ledger-port';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

/** Copies every file that loads to the dashboard's disk, hashed on both ends. */
export const bringHome: StepDefinition = {
  kind: 'bring-home',

  async check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult> {
    const { home } = context.world;
    const wanted = await wantedArtifacts(context);
    for (const artifact of wanted) {
      if (artifact.homePath === null) return { done: false };
      // A file that was brought just now was hashed as it passed, and has its name only because the hash was right.
      if (when === 'after') continue;
      const here = await home.fileSha256(artifact.homePath);
      if (here?.sha256 !== artifact.sha256) return { done: false };
    }
    return { done: true, result: { files: wanted.length } };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const wanted = await wantedArtifacts(context);
    if (wanted.length === 0) return { kind: 'skip', reason: 'no file was proven to load' };
    return {
      kind: 'local',
      command: `bring ${wanted.map((artifact) => artifact.fileName).join(', ')} home`,
      run: (signal) => bringAll(context, wanted, signal),
    };
  },
};

async function wantedArtifacts(context: StepContext): Promise<ArtifactRecord[]> {
  const artifacts = await context.world.ledger.listArtifacts(context.jobId);
  return artifacts.filter((artifact) => ['works', 'partly'].includes(verdictOf(artifact.verification)));
}

async function bringAll(
  context: StepContext,
  artifacts: readonly ArtifactRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { ledger, home, clock, live } = context.world;
  const ownDisk = await ownDiskOf(context.host.instanceId, context.world);
  const totalBytes = artifacts.reduce((sum, artifact) => sum + (artifact.sizeBytes ?? 0), 0);
  let beforeBytes = 0;
  for (const artifact of artifacts) {
    const report = (progress: Parameters<StepContext['report']>[0]) => {
      const done = beforeBytes + (progress.done ?? 0);
      const left = totalBytes - done;
      const speed = progress.speedBytesPerSecond;
      const etaMs = progress.etaMs !== null && speed ? (left / speed) * 1000 : null;
      context.report({
        ...progress,
        done,
        total: totalBytes,
        fraction: totalBytes === 0 ? 1 : done / totalBytes,
        etaMs,
      });
    };
    try {
      const path = await transferHome({
        artifact,
        jobId: context.jobId,
        host: context.host,
        ownDisk,
        home,
        clock,
        signal,
        report,
      });
      await ledger.recordArtifactHome(context.lease, artifact.id, { path });
      await context.log.line(`home, sha256 equal on both ends: ${artifact.fileName}  ${artifact.sha256}`);
    } catch (error) {
      if (!signal.aborted) await ledger.recordArtifactHome(context.lease, artifact.id, { failure: toFailure(error) });
      throw error;
    }
    live.artifactChanged(artifact.id);
    beforeBytes += artifact.sizeBytes ?? 0;
  }
}
