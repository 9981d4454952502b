import { CHECK_CODES, type Finding, type FindingCode } from '../../lib/domain/finding';
import { failureTitle } from './failure-copy';

const TITLE = {
  'config-contradicts-tensors': 'config.json contradicts the weights',
  'config-field-missing': 'config.json lacks a field',
  'config-value-misspelled': 'A value in config.json is of the wrong kind',
  'config-stripped': 'config.json was stripped',
  'config-differs-from-evidence': 'config.json differs from what it was',
  'heads-not-proven': 'The number of heads cannot be proven',
  'shards-duplicated': 'Weights are there more than once',
  'vision-tower': 'The model also takes images or sound',
  'tied-embeddings': 'The output layer is the embedding',
  'remote-code-ignored': 'The model brings its own code',
  'values-not-checked': 'The numbers themselves were not read',
  'tokenizer-files-disagree': 'The tokenizer’s files disagree',
  'tokenizer-by-parts': 'The tokenizer was recognized by parts of it',
  'generation-config-doubtful': 'generation_config.json says what cannot be',
  'card-unreadable': 'The model card cannot be read',
} as const satisfies Record<(typeof CHECK_CODES)[number], string>;

/** The title of a finding: what was found, in a few words. */
export function findingTitle(code: FindingCode): string {
  const own = CHECK_CODES.find((known) => known === code);
  return own ? TITLE[own] : failureTitle(code as Exclude<FindingCode, (typeof CHECK_CODES)[number]>);
}

/** Notes that every check of any checkpoint ends with: a sentence about checking rather than about this model. */
export function isStandingNote({ code, severity }: Finding): boolean {
  return severity === 'note' && code === 'values-not-checked';
}
