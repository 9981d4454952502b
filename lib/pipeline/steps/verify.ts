import type { Verification } from '../../domain/artifact';
import { required, threadsOf } from '../earlier-results';
import type { ArtifactRecord } from '../ledger-port';
import { markerProgress } from '../marker-line';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { readEvidence } from '../verify-evidence';
import { samplePromptOf } from '../verify-prompt';
import { verifyScript } from '../verify-script';
import { identity } from './checksum';

/**
 * Proves each file: its header is read back and compared with the source, llama.cpp loads every tensor and decodes
 * (llama-bench), and it generates text through its own tokenizer and chat template (llama-completion). A file that fails
 * does not fail the step: its evidence is the result.
 */
export const verify: StepDefinition = {
  kind: 'verify',

  async check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult> {
    const artifacts = await context.world.ledger.listArtifacts(context.jobId);
    const found: { artifact: ArtifactRecord; verification: Verification }[] = [];
    for (const artifact of artifacts) {
      const verification = await readEvidence(context, artifact);
      // Old evidence of a failure is no reason not to try again: a retry is there because of it.
      if (verification === null || (when === 'before' && !verification.loadsOk)) return { done: false };
      found.push({ artifact, verification });
    }
    for (const { artifact, verification } of found) {
      await context.world.ledger.recordArtifact(context.lease, { ...identity(artifact), verification });
    }
    return { done: true, result: {} };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain, ledger } = context.world;
    const artifacts = await ledger.listArtifacts(context.jobId);
    const [first] = artifacts;
    // Every file of a job carries the template of the one float file that all were made from.
    const prompt = first ? await samplePromptOf(context, first) : null;
    return {
      kind: 'remote',
      script: verifyScript(context, {
        artifacts,
        prompt,
        binFolder: required(context.earlier.toolchain, 'toolchain').binFolder,
        threads: threadsOf(context),
      }),
      progress: markerProgress(),
      explain: (tail, exitCode) => toolchain.explain('verify', tail, exitCode),
    };
  },
};
