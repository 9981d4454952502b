import type { ConfigPatch } from '../domain/conversion-spec';
import type { Answers, OpenQuestion, RefusedAnswer, RepairProposal, UndeterminedField } from '../domain/model-check';
import { assessAnswered, withoutAnswered } from './assess-answered';
import { type Assessment, assessConfig, type Weights } from './assess-config';
import { agreeingEvidence, bareKey, type ConfigEvidence } from './config-evidence';
import { applyConfigPatch } from './config-patch';
import { type ConfigObject, openConfig } from './config-reader';
import type { FractionSpellings } from './config-spelling';
import { describeQuestion, isSaidAlready } from './describe-question';

/** config.json, and what of its text the parsed object does not show. */
export interface WrittenConfig {
  readonly config: ConfigObject;
  readonly fractions: FractionSpellings;
}

export interface AnswerOptions {
  supportsArchitecture(name: string): boolean;
  readonly configPatch?: ConfigPatch;
  readonly answers?: Answers;
  readonly evidence?: readonly ConfigEvidence[];
}

/** A config.json beside its weights, a person's answers and an approved patch taken in. */
export interface AnsweredConfig {
  /** What is wrong with it, its answered questions left out. */
  readonly found: Assessment;
  /** What is wrong once the approved patch is applied; the same without any answer where there is no patch. */
  readonly remaining: Assessment;
  readonly repair: Omit<RepairProposal, 'files'>;
  /** config.json as it will be: all that was found and answered applied, approved before or not. */
  readonly whole: ConfigObject;
  readonly refused: readonly RefusedAnswer[];
}

/** Assesses config.json with answers, and once more as it will be after the approved changes. */
export function answerConfig(
  { config, fractions }: WrittenConfig,
  weights: Weights,
  options: AnswerOptions,
): AnsweredConfig {
  const evidence = options.evidence ?? [];
  const assess = (patch: ConfigPatch): Assessment =>
    assessConfig(applyConfigPatch(config, patch), weights, {
      original: config,
      answered: new Set(Object.keys(patch).map(bareKey)),
      fractions: new Map([...fractions].filter(([field]) => !Object.hasOwn(patch, field))),
      evidence,
      supportsArchitecture: (name) => options.supportsArchitecture(name),
    });
  const agreeing = agreeingEvidence(evidence, weights.facts);
  const ask = (field: UndeterminedField, { patch, findings }: Assessment): OpenQuestion =>
    describeQuestion(field, {
      original: config,
      repaired: applyConfigPatch(config, patch),
      facts: weights.facts,
      evidence: agreeing,
      isRequired: findings.some((finding) => finding.field === field.field && finding.severity === 'blocks'),
    });
  const { before, after, answers, refused } = assessAnswered(assess, ask, options.answers ?? {});
  const reader = openConfig(config);
  const approved = options.configPatch;
  const changed = answers.filter(({ field, value }) => {
    return !isSaidAlready(reader, field, value) && !Object.hasOwn(approved ?? {}, field);
  });
  const values = Object.fromEntries(answers.map(({ field, value }) => [field, value]));
  const remaining = approved ? withoutAnswered(assess(approved), values) : before;
  // What is still to be changed: of what was found what nobody approved yet, and what follows from what was.
  const open = Object.entries(after.patch).filter(([field]) => !Object.hasOwn(approved ?? {}, field));
  const follows = approved ? remaining.patch : {};
  return {
    found: after,
    remaining,
    repair: {
      patch: {
        ...Object.fromEntries(open),
        ...follows,
        ...Object.fromEntries(changed.map(({ field, value }) => [field, value])),
      },
      undetermined: after.undetermined.map((field) => ask(field, after)),
      answers,
    },
    whole: applyConfigPatch(config, { ...after.patch, ...values }),
    refused,
  };
}
