/** Heads times head size, as far as shapes tell: both products, and what config.json says about each factor. */
export interface HeadProducts {
  readonly queryRows: number;
  readonly keyRows: number;
}

export interface HeadClaims {
  readonly heads: number | null;
  readonly keyValueHeads: number | null;
  readonly headDim: number | null;
}

export interface HeadHypothesis {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  /** How many of config.json's own numbers agree with it. */
  readonly votes: number;
}

/** Sizes that published models use, the likeliest first; smaller ones only when hardly anything else divides (test models). */
const COMMON_HEAD_SIZES = [128, 64, 96, 80, 256, 192, 160, 112, 48, 40, 32];
const SMALL_HEAD_SIZES = [16, 24, 8];
const MAX_HYPOTHESES = 12;

/**
 * Every head size that both products allow, those that config.json's own numbers speak for first, then the likeliest.
 * Shapes fix the products only: heads 8 of 64 and 16 of 32 are the same matrices.
 */
export function headHypotheses(products: HeadProducts, claims: HeadClaims): HeadHypothesis[] {
  const claimed = [
    claims.headDim,
    claims.heads === null ? null : products.queryRows / claims.heads,
    claims.keyValueHeads === null ? null : products.keyRows / claims.keyValueHeads,
  ];
  const common = COMMON_HEAD_SIZES.filter((size) => fits(size, products));
  const small = common.length > 1 ? [] : SMALL_HEAD_SIZES.filter((size) => fits(size, products));
  const likely = [...common, ...small];
  const sizes = new Set([...claimed.filter((size) => size !== null && fits(size, products)), ...likely]);
  return [...sizes]
    .filter((size) => size !== null)
    .map((headDim) => ({
      headDim,
      heads: products.queryRows / headDim,
      keyValueHeads: products.keyRows / headDim,
      votes: claimed.filter((size) => size === headDim).length,
    }))
    .sort((a, b) => b.votes - a.votes || rank(a.headDim) - rank(b.headDim))
    .slice(0, MAX_HYPOTHESES);
}

/**
 * The hypothesis that config.json's own numbers decide for: more of them than for any other, or as many, where all others
 * have heads smaller than any model of this width. Null when they do not.
 */
export function decideHeads(hypotheses: readonly HeadHypothesis[]): HeadHypothesis | null {
  const [best] = hypotheses;
  if (!best || best.votes === 0) return null;
  const tied = hypotheses.filter(({ votes }) => votes === best.votes);
  const usual = tied.filter(({ heads, headDim }) => headDim >= (heads * headDim >= 1024 ? 32 : 8));
  if (tied.length === 1) return best;
  return usual.length === 1 ? (usual[0] ?? null) : null;
}

/**
 * Heads that were pruned: their size stays, and config.json counts more of both than there are. Only to be asked where it
 * shows elsewhere that config.json is of this model before pruning.
 */
export function prunedHeads(hypotheses: readonly HeadHypothesis[], claims: HeadClaims): HeadHypothesis | null {
  const { heads, keyValueHeads, headDim } = claims;
  if (heads === null || keyValueHeads === null) return null;
  const sameSize = hypotheses.find((each) => each.headDim === headDim);
  return sameSize && sameSize.heads < heads && sameSize.keyValueHeads <= keyValueHeads ? sameSize : null;
}

function rank(headDim: number): number {
  const at = COMMON_HEAD_SIZES.indexOf(headDim);
  return at < 0 ? COMMON_HEAD_SIZES.length : at;
}

/** Whole heads of an even size (rotary positions pair the numbers), and as many query heads for each key head. */
function fits(headDim: number, { queryRows, keyRows }: HeadProducts): boolean {
  return (
    Number.isInteger(headDim) &&
    headDim >= 2 &&
    headDim <= 1024 &&
    headDim % 2 === 0 &&
    queryRows % headDim === 0 &&
    keyRows % headDim === 0 &&
    (queryRows / headDim) % (keyRows / headDim) === 0
  );
}
