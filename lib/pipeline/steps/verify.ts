import { required, threadsOf } from '../earlier-results';
import { markerProgress } from '../marker-line';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { artifactOf, identity } from '../step-file';
import { readEvidence } from '../verify-evidence';
import { verifyScript } from '../verify-script';

/**
 * Proves one file: its header is read back and compared with the source, llama.cpp loads every tensor and decodes
 * (llama-bench), and it generates text through its own tokenizer and chat template (llama-completion). A file that fails
 * does not fail the step: its evidence is the result.
 */
export const verify: StepDefinition = {
  kind: 'verify',

  async check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult> {
    const artifact = await artifactOf(context);
    const verification = await readEvidence(context, artifact);
    // Old evidence of a failure is no reason not to try again: a retry is there because of it.
    if (verification === null || (when === 'before' && !verification.loadsOk)) return { done: false };
    await context.world.ledger.recordArtifact(context.lease, { ...identity(artifact), verification });
    return { done: true, result: {} };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain } = context.world;
    return {
      kind: 'remote',
      script: verifyScript(context, {
        artifact: await artifactOf(context),
        prompt: required(context.earlier.base, 'float base').prompt,
        binFolder: required(context.earlier.toolchain, 'toolchain').binFolder,
        threads: threadsOf(context),
      }),
      progress: markerProgress(),
      explain: (tail, exitCode) => toolchain.explain('verify', tail, exitCode),
    };
  },
};
