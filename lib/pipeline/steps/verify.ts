import type { Verification } from '../../domain/artifact';
import { required } from '../earlier-results';
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
    const { toolchain, probe, ledger } = context.world;
    const facts = await context.host.withSession((session) => probe.facts(session), context.signal);
    const artifacts = await ledger.listArtifacts(context.jobId);
    const prompts = await Promise.all(artifacts.map((artifact) => samplePromptOf(context, artifact)));
    return {
      kind: 'remote',
      script: verifyScript(context, {
        files: artifacts.map((artifact, index) => ({ artifact, prompt: prompts[index] ?? null })),
        binFolder: required(context.earlier.toolchain, 'toolchain').binFolder,
        threads: context.spec.threads ?? facts.cores ?? 4,
      }),
      progress: markerProgress(),
      explain: (tail, exitCode) => toolchain.explain('verify', tail, exitCode),
    };
  },
};
