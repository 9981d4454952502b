import type { ModelFactName, ModelFacts, ProvenanceMatch } from '../domain/model-check';
import type { BaseModel } from './fingerprints/base-model';
import { KNOWN_MODELS } from './fingerprints/known-models';

/**
 * Widths of the attention as the tensors have them. Without a norm on the heads, shapes prove these products only, and
 * a model whose heads × head size is another one is another model.
 */
export interface AttentionRows {
  /** Rows of the query projection, or columns of the output projection: heads × head size. */
  readonly query?: number | undefined;
  /** Rows of the key projection: key/value heads × head size. */
  readonly keyValue?: number | undefined;
}

/** Added tokens come in dozens, padded to a multiple of at most 1024; more rows are another vocabulary. */
const MAX_ADDED_ROWS = 1024;
/** A vocabulary or a stack of layers this many times as large or as small has another origin. */
const MAX_RATIO = 2;
const MAX_NEAR_MATCHES = 3;

/** What people change in a model that they build upon: layers are cut or stacked, vocabularies extended or trimmed. */
const CHANGED_BY_DERIVING: ReadonlySet<ModelFactName> = new Set(['numHiddenLayers', 'vocabSize']);
/** Too little is known to claim anything unless these are. */
const NEEDED: readonly ModelFactName[] = ['numHiddenLayers', 'hiddenSize', 'vocabSize'];
const FEED_FORWARDS: readonly ModelFactName[] = ['intermediateSize', 'moeIntermediateSize'];
/** Facts about a part that a model has or has not: one side alone having it is a difference too. */
const DISTINCTIVE: readonly ModelFactName[] = [
  'numExperts',
  'moeIntermediateSize',
  'kvLoraRank',
  'maxPositionEmbeddings',
  'typeVocabSize',
];

interface Candidate {
  readonly match: ProvenanceMatch;
  readonly distance: number;
}

/**
 * The known models whose shapes these are, nearest first; empty when the shapes are like none of them.
 *
 * Exact: every dimension that both sides know agrees. A vocabulary may have up to 1024 rows more (a fine-tune's added
 * tokens, padding) or lack the base's padding; such a match is exact, names the rows as its difference and comes after
 * those without. Models that shapes cannot tell apart (Phi-4 and Phi-4-reasoning, Llama 3 and 3.1) are all listed.
 *
 * When none is exact, up to three near ones are: every width agrees, and layers, vocabulary or both are others, by less
 * than a factor of two. Distance is the sum over the differing dimensions of |log2(actual / expected)|: a doubled
 * vocabulary is as far as doubled layers, and 2 % more rows are almost nothing.
 */
export function matchProvenance(facts: ModelFacts, rows: AttentionRows = {}): ProvenanceMatch[] {
  const knowsFeedForward = FEED_FORWARDS.some((name) => numberOf(facts, name) !== null);
  if (!knowsFeedForward || NEEDED.some((name) => numberOf(facts, name) === null)) return [];
  const candidates = KNOWN_MODELS.map((base) => compare(base, facts, rows)).filter((each) => each !== null);
  const exact = candidates.filter(({ match }) => match.exact);
  const chosen = exact.length > 0 ? exact : candidates;
  const sorted = chosen.sort((a, b) => a.distance - b.distance).map(({ match }) => match);
  return exact.length > 0 ? sorted : sorted.slice(0, MAX_NEAR_MATCHES);
}

function compare(base: BaseModel, facts: ModelFacts, rows: AttentionRows): Candidate | null {
  if (DISTINCTIVE.some((name) => isOneSided(base, facts, name)) || !rowsAgree(base, rows)) return null;
  const differences: ProvenanceMatch['differences'][number][] = [];
  for (const [key, expected] of Object.entries(base.dimensions)) {
    const field = key as ModelFactName;
    const actual = numberOf(facts, field) ?? expertsInstead(base, facts, field);
    if (actual === null || actual === expected) continue;
    if (!CHANGED_BY_DERIVING.has(field) || ratio(actual, expected) >= MAX_RATIO) return null;
    differences.push({ field, expected, actual });
  }
  const exact = differences.every(({ field, actual }) => field === 'vocabSize' && isSameVocabulary(base, actual));
  const distance = differences.reduce((sum, each) => sum + Math.log2(ratio(each.actual, each.expected)), 0);
  return { match: { model: base.model, exact, differences }, distance };
}

/** A feed-forward of experts where the known model has none, or the other way round. */
function isOneSided(base: BaseModel, facts: ModelFacts, name: ModelFactName): boolean {
  const inBase = base.dimensions[name] !== undefined;
  const inFacts = numberOf(facts, name) !== null;
  if (name === 'moeIntermediateSize' && inFacts && expertsInstead(base, facts, 'intermediateSize') !== null)
    return false;
  return inBase !== inFacts;
}

/** Mixtral and gpt-oss have experts only and write their size as `intermediate_size`: either fact may carry it. */
function expertsInstead(base: BaseModel, facts: ModelFacts, name: ModelFactName): number | null {
  const { numExperts, moeIntermediateSize } = base.dimensions;
  if (name !== 'intermediateSize' || numExperts === undefined || moeIntermediateSize !== undefined) return null;
  return numberOf(facts, 'moeIntermediateSize');
}

function rowsAgree({ dimensions }: BaseModel, rows: AttentionRows): boolean {
  const { numAttentionHeads: heads, numKeyValueHeads: keyValueHeads, headDim } = dimensions;
  if (headDim === undefined || heads === undefined || keyValueHeads === undefined) return true;
  if (rows.query !== undefined && rows.query !== heads * headDim) return false;
  return rows.keyValue === undefined || rows.keyValue === keyValueHeads * headDim;
}

function isSameVocabulary(base: BaseModel, rows: number): boolean {
  const expected = base.dimensions.vocabSize ?? 0;
  return rows >= (base.tokens ?? expected) && rows <= expected + MAX_ADDED_ROWS;
}

/** How many times as large one is as the other, at least 1; infinite for a size of nothing. */
function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}

function numberOf(facts: ModelFacts, name: ModelFactName): number | null {
  const value = facts[name]?.value;
  return typeof value === 'number' ? value : null;
}
