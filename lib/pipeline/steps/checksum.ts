import type { ArtifactRecord } from '../ledger-port';
import { markerProgress } from '../marker-line';
import { FILE_STAMP_FUNCTION, SHA256_FUNCTION } from '../portable-shell';
import { Script } from '../script';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { artifactOf, identity } from '../step-file';

/** A hash file beside each artifact: `<sha256> <size> <mtime seconds>`, so that it is void once the file changes. */
const SUFFIX = '.sha256';

/** Hashes one file on the host: what comes home, and what a browser downloads, is compared with this. */
export const checksum: StepDefinition = {
  kind: 'checksum',

  async check(context: StepContext): Promise<CheckResult> {
    const artifact = await artifactOf(context);
    const found = await readHash(context, artifact);
    if (found === null) return { done: false };
    await context.world.ledger.recordArtifact(context.lease, { ...identity(artifact), ...found });
    return { done: true, result: { sha256: found.sha256 } };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const artifact = await artifactOf(context);
    const script = new Script(context.world.shell);
    const file = script.quote(artifact.hostPath);
    const hash = script.quote(`${artifact.hostPath}${SUFFIX}`);
    script
      .raw(SHA256_FUNCTION)
      .raw(FILE_STAMP_FUNCTION)
      .raw(`sha256 ${file} ${script.quote(artifact.fileName)}`)
      .raw(`printf '%s %s\\n' "$sum" "$(file_stamp ${file})" > ${hash}.tmp && mv -f ${hash}.tmp ${hash}`)
      .raw(`printf '%s  %s\\n' "$sum" ${script.quote(artifact.fileName)}`);
    return {
      kind: 'remote',
      script: script.toString(),
      progress: markerProgress(),
      explain: () => null,
    };
  },
};

async function readHash(
  context: StepContext,
  artifact: ArtifactRecord,
): Promise<{ sha256: string; sizeBytes: number } | null> {
  return context.host.withSession(async (session) => {
    const file = await session.stat(artifact.hostPath);
    const hash = await session.stat(`${artifact.hostPath}${SUFFIX}`);
    if (!file || !hash || hash.sizeBytes > 1024) return null;
    const text = new TextDecoder().decode(await session.readRange(`${artifact.hostPath}${SUFFIX}`, 0, hash.sizeBytes));
    const match = /^([0-9a-f]{64}) (\d+) (\d+)\s*$/.exec(text);
    if (!match || Number(match[2]) !== file.sizeBytes || Number(match[3]) !== Math.floor(file.modifiedAtMs / 1000))
      return null;
    return { sha256: match[1] as string, sizeBytes: file.sizeBytes };
  }, context.signal);
}
