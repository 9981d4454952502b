import { toFailure } from '../../domain/failure';
import { ownDiskOf, transferHome } from '../artifact-transfer';
import type { ArtifactRecord } from '../ledger-port';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { artifactOf } from '../step-file';

/**
 * Copies one file to the dashboard's disk, hashed on both ends, while others are made and proven: a rented host is paid by
 * the minute, and the proof is filed under the hash, so it holds for the copy too.
 */
export const bringHome: StepDefinition = {
  kind: 'bring-home',

  async check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult> {
    const artifact = await artifactOf(context);
    if (artifact.homePath === null) return { done: false };
    // A file that was brought just now was hashed as it passed, and has its name only because the hash was right.
    if (when === 'before') {
      const here = await context.world.home.fileSha256(artifact.homePath);
      if (here?.sha256 !== artifact.sha256) return { done: false };
    }
    return { done: true, result: {} };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const artifact = await artifactOf(context);
    return {
      kind: 'local',
      command: `bring ${artifact.fileName} home`,
      run: (signal) => bring(context, artifact, signal),
    };
  },
};

async function bring(context: StepContext, artifact: ArtifactRecord, signal: AbortSignal): Promise<void> {
  const { ledger, home, clock, live } = context.world;
  const { jobId, host, report, quiet } = context;
  try {
    const ownDisk = await ownDiskOf(host.instanceId, context.world);
    const path = await transferHome({ artifact, jobId, host, ownDisk, home, clock, signal, report, quiet });
    await ledger.recordArtifactHome(context.lease, artifact.id, { path });
    await context.log.line(`home, sha256 equal on both ends: ${artifact.fileName}  ${artifact.sha256}`);
  } catch (error) {
    if (!signal.aborted) await ledger.recordArtifactHome(context.lease, artifact.id, { failure: toFailure(error) });
    throw error;
  }
  live.artifactChanged(artifact.id);
}
