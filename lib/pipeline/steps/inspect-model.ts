import { type Failure, failureError, isFailureError } from '../../domain/failure';
import type { RefusedAnswer } from '../../domain/model-check';
import { baseTypeOf } from '../../model/base-type';
import type { ConfigEvidence } from '../../model/config-evidence';
import type { CheckpointInspection } from '../../model/inspect-checkpoint';
import { rememberingReader } from '../../model/remembering-reader';
import { answersOf, hasRepair } from '../../model/repaired-reader';
import { hostFolderReader } from '../checkpoint-reader';
import { required } from '../earlier-results';
import { readGgufProof } from '../gguf-proof';
import { approvedRepair, baseFilesOf, type InspectedSource, inspectRepaired, inspectSource } from '../inspect-source';
import { learnTokenizer } from '../known-tokenizers';
import { pinnedListing } from '../pinned-listing';
import type { Hub, HubListing } from '../ports';
import { askResources, refuseTooSmallHost } from '../room-check';
import type { InspectedModel, StepContext } from '../step-context';
import type { StepDefinition } from '../step-definition';

/**
 * Reads the headers of the checkpoint and compares config.json with what the tensors prove. A contradiction stops the
 * job here: llama.cpp would convert it, exit 0, and give a file that does not load or, worse, talks nonsense.
 */
export const inspectModel: StepDefinition = {
  kind: 'inspect-model',

  // Reading headers takes a second and leaves nothing on the host, so it is simply done anew.
  async check(context) {
    const done = inspections.get(context);
    return done ? { done: true, result: done } : { done: false };
  },

  async plan(context) {
    return {
      kind: 'local',
      command: 'read the headers of all weight files and compare config.json with the tensors',
      run: () => inspect(context),
    };
  },
};

/** Carries the finding from `run` to the `check` that follows it, for the life of one context. */
const inspections = new WeakMap<StepContext, InspectedModel>();

async function inspect(context: StepContext): Promise<void> {
  const source = required(context.earlier.source, 'fetched source');
  const resources = askResources(context);
  // It is waited for below, unless something else fails first.
  resources.catch(() => undefined);
  const seen: InspectedSource = {
    reader: rememberingReader(hostFolderReader(context, source.folder, source.files)),
    evidence: (origin) => evidenceOf(context, origin),
    base: async () => baseFilesOf(await askHub(context, (hub, listing) => hub.base(listing))),
  };
  const found = await inspectSource(seen, context.world, answersOf(context.spec));
  const left = hasRepair(context.spec) ? await inspectRepaired(seen, context.spec, context.world) : found;
  const blocking = refusal(found.refusedAnswers) ?? left.blocking;
  const proposed = blocking ? await usefulRepair(seen, left, context) : null;
  const inspection = { ...found.inspection, questions: proposed?.questions ?? [] };
  await context.world.ledger.recordInspection(context.lease, inspection, proposed);
  await logInspection(context, found);
  if (blocking) throw failureError(blocking);
  const { dtype } = found;
  const { parameterCount, facts } = inspection;
  const baseType = baseTypeOf(context.spec, dtype);
  const tensors = (await readGgufProof(context, seen.reader))?.plan ?? null;
  await refuseTooSmallHost(context, { toFetchBytes: 0, parameterCount, baseType, tensors }, await resources);
  context.aside(learnTokenizer(found.readWholeTokenizer, context.spec.source, context.world));
  inspections.set(context, { dtype, parameterCount, facts });
}

/**
 * The repair that would let the job go on once it is applied on top of what was approved, with the questions that have to
 * be answered beside it; one that does not help is not offered.
 */
async function usefulRepair(seen: InspectedSource, { repair }: CheckpointInspection, context: StepContext) {
  const { spec } = context;
  const more = approvedRepair(repair);
  const after = await inspectRepaired(
    seen,
    {
      configPatch: { ...spec.configPatch, ...more.configPatch },
      fileRepairs: [...spec.fileRepairs, ...more.fileRepairs],
      answeredFields: [...spec.answeredFields, ...(more.answeredFields ?? [])],
    },
    context.world,
  );
  const questions = repair.undetermined.filter(({ isRequired }) => isRequired);
  if (after.blocking !== null && !(after.waitsForAnswers && questions.length > 0)) return null;
  return { patch: repair.patch, files: repair.files, questions: after.blocking === null ? [] : questions };
}

/** Answers that the weights contradict stop the job: converting with them would give a file that talks nonsense. */
function refusal([first, ...others]: readonly RefusedAnswer[]): Failure | null {
  if (!first) return null;
  const words = [first, ...others].map(({ field, message }) => `${field}: ${message}`);
  return {
    code: 'answer-contradicts-tensors',
    message: words.join(' '),
    remedy: 'Answer again: what fits the weights is listed below.',
    evidence: words,
    isTransient: false,
  };
}

async function logInspection({ log }: StepContext, { inspection, dtype }: CheckpointInspection): Promise<void> {
  const lines = [
    `${inspection.architecture ?? 'unknown architecture'}: ${inspection.tensorCount} tensors, ${inspection.parameterCount} parameters, ${dtype ?? 'mixed types'}`,
    ...Object.entries(inspection.facts).map(
      ([field, fact]) => `  ${field} = ${fact.value}  (${fact.tensor} [${fact.shape.join(', ')}])`,
    ),
    ...inspection.findings.map((finding) => `${finding.severity}: ${finding.message}`),
  ];
  await log.line(lines.join('\n'));
}

/** The hub may know what a config.json has lost; a folder stands alone. Without the hub the job does without. */
async function evidenceOf(
  context: StepContext,
  origin: 'earlier-revision' | 'base-model',
): Promise<readonly ConfigEvidence[]> {
  return (await askHub(context, (hub, listing) => hub.evidence(listing, origin))) ?? [];
}

async function askHub<T>(context: StepContext, ask: (hub: Hub, listing: HubListing) => Promise<T>): Promise<T | null> {
  const { source } = context.spec;
  if (source.kind !== 'hub') return null;
  try {
    return await ask(await context.world.hub(), await pinnedListing(context, source));
  } catch (error) {
    if (!isFailureError(error)) throw error;
    await context.log.line(`The hub was asked what else it knows of this model and did not answer: ${error.message}`);
    return null;
  }
}
