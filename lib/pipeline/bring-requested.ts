import { toFailure } from '../domain/failure';
import type { Progress } from '../domain/progress';
import { ownDiskOf, transferHome } from './artifact-transfer';
import { HostLink } from './host-link';
import type { BringHomeRequest } from './ledger-port';
import type { PipelineDependencies } from './step-context';

const STORE_EVERY_MS = 1000;

/**
 * Brings a file home that a person asked for outside of its job, and writes down how far it is and how it ended. When the
 * signal aborts it writes nothing: the next process finds the wish as it is, and goes on at the byte reached.
 */
export async function bringRequested(
  { artifact, jobId, instanceId }: BringHomeRequest,
  world: PipelineDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, live, home, clock, logger, connectHost } = world;
  const onUnreachable = async () => undefined;
  const host = new HostLink({ instanceId, connect: connectHost, clock, logger, onUnreachable }, false);
  const { report, settled } = progressWriter(artifact.id, world);
  live.artifactChanged(artifact.id);
  try {
    const ownDisk = await ownDiskOf(instanceId, world);
    const path = await transferHome({ artifact, jobId, host, ownDisk, home, clock, signal, report });
    await settled();
    await ledger.recordArtifactHome(null, artifact.id, { path });
  } catch (error) {
    await settled();
    if (!signal.aborted) await ledger.recordArtifactHome(null, artifact.id, { failure: toFailure(error) });
  } finally {
    host.close();
    live.artifactChanged(artifact.id);
  }
}

/** Writes once a second how far a copy is, one write after the other; a write that fails only costs a look at it. */
function progressWriter(artifactId: string, { ledger, live, clock, logger }: PipelineDependencies) {
  let storedMs = Number.NEGATIVE_INFINITY;
  let storing = Promise.resolve();
  const store = async (progress: Progress) => {
    await ledger.recordArtifactHome(null, artifactId, { progress });
    live.artifactChanged(artifactId);
  };
  return {
    report: (progress: Progress) => {
      if (clock.monotonicMs() - storedMs < STORE_EVERY_MS) return;
      storedMs = clock.monotonicMs();
      storing = storing
        .then(() => store(progress))
        .catch((error: unknown) => logger.error('how far a copy is was not stored', error, { artifactId }));
    },
    settled: () => storing,
  };
}
