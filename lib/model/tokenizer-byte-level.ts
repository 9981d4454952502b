import { type ConfigObject, isObject } from './config-reader';
import type { TokenizerFiles } from './tokenizer-files';
import type { TokenizerProblem } from './tokenizer-problem';

const MAX_DEPTH = 8;
/** How a space is written in a vocabulary of bytes (GPT-2's letters for them). */
const SPACE_LETTER = 'Ġ';
const TOKENS_LOOKED_AT = 20_000;
/** Listing the names of a large vocabulary is most of the work, and a check asks up to three times. */
const known = new WeakMap<ConfigObject, boolean>();

/**
 * A vocabulary of bytes that text is never turned into: no token with a space or an accent is ever found. The converter knows
 * no tokenizer that does so: `BPE pre-tokenizer was not recognized`.
 */
export function checkByteLevel({ definition }: TokenizerFiles): TokenizerProblem | null {
  const content = definition?.content;
  if (!content || !hasStep(content['decoder'], 'ByteLevel') || !isOfBytes(content)) return null;
  if (hasStep(content['pre_tokenizer'], 'ByteLevel') || hasStep(content['normalizer'], 'ByteLevel')) return null;
  const pre = content['pre_tokenizer'];
  const said = isObject(pre) && typeof pre['type'] === 'string' ? pre['type'].slice(0, 40) : 'none';
  return {
    finding: {
      code: 'model-pre-tokenizer-unknown',
      severity: 'blocks',
      message: `tokenizer.json has a vocabulary of bytes, but cuts text in another way (pre_tokenizer: ${said}) and never turns it into bytes: this is not how the vocabulary was made, and the converter would stop at it.`,
      remedy: 'Use tokenizer.json of the base model.',
      evidence: [`pre_tokenizer: ${JSON.stringify(pre ?? null).slice(0, 200)}`, 'decoder: ByteLevel'],
    },
  };
}

function isOfBytes(content: ConfigObject): boolean {
  const answer = known.get(content) ?? hasSpaceLetter(content);
  known.set(content, answer);
  return answer;
}

function hasSpaceLetter(content: ConfigObject): boolean {
  const model = content['model'];
  const vocabulary = isObject(model) ? model['vocab'] : null;
  if (!isObject(vocabulary)) return false;
  let looked = 0;
  for (const token in vocabulary) {
    if (token.startsWith(SPACE_LETTER)) return true;
    looked += 1;
    if (looked > TOKENS_LOOKED_AT) return false;
  }
  return false;
}

/** Whether a step, or one of a sequence, is of this type. */
function hasStep(value: unknown, type: string, depth = 0): boolean {
  if (!isObject(value) || depth > MAX_DEPTH) return false;
  if (value['type'] === type) return true;
  return ['normalizers', 'pretokenizers', 'decoders'].some((key) => {
    const inner = value[key];
    return Array.isArray(inner) && inner.some((step) => hasStep(step, type, depth + 1));
  });
}
