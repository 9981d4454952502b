import type { PipelineDependencies } from '../../lib/pipeline/step-context';
import { systemClock } from '../../lib/server/system-clock';
import { createId } from '../../lib/store/create-id';
import { jobLedger } from '../../lib/store/job-ledger';
import { stepLogs } from '../../lib/store/step-logs';

/** What a job runner works with on the test's database: nobody looks on, and no sample is read. */
export function testJobWorld(
  parts: Pick<PipelineDependencies, 'connectHost'> & Partial<PipelineDependencies>,
): PipelineDependencies {
  const nothing = () => undefined;
  const none = { jobChanged: nothing, logAppended: nothing, stepProgressed: nothing, sampled: nothing };
  return {
    ledger: jobLedger,
    logs: stepLogs,
    createRedactor: () => ({ push: (bytes: Uint8Array) => bytes, flush: () => new Uint8Array() }),
    hub: async () => ({ secrets: () => [] }),
    live: { ...none, instanceChanged: nothing, artifactChanged: nothing },
    telemetry: { samplerScript: () => '', createReader: () => ({ push: () => [] }), explain: () => null },
    clock: systemClock,
    logger: { info: nothing, warn: nothing, error: nothing },
    newId: createId,
    ...parts,
  } as unknown as PipelineDependencies;
}
