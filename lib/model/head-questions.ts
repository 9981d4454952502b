import { type ConfigReader, HEAD_KEYS, KEY_VALUE_KEYS } from './config-reader';
import type { TensorFact } from './fact-draft';
import { HEAD_SIZE_KEYS, hasKeyValueHeads, ignoresHeadSize } from './head-fields';
import type { HeadClaims, HeadHypothesis } from './head-hypotheses';
import type { OpenField } from './open-field';

/** The queries' tensor and their rows: heads × head size. */
export interface QueryWidth {
  readonly query: TensorFact;
  readonly queryRows: number;
}

/**
 * Numbers that fit the shapes are not thereby right: twice as many heads of half the size are the same matrices. Said
 * without alarm, so that other evidence is asked and a person may look.
 */
export function unproven(
  config: ConfigReader,
  hypotheses: readonly HeadHypothesis[],
  width: QueryWidth,
  claims: HeadClaims,
  relatives: ReadonlySet<number>,
): OpenField[] {
  // Known models of these widths all say the same: then there is no doubt.
  if (relatives.size === 1 && relatives.has(claims.heads ?? 0)) return [];
  if (config.section !== '' || claims.heads === null || hypotheses.length < 2) return [];
  const isOdd = relatives.size > 0 && !relatives.has(claims.heads);
  // The other two follow from this one.
  return openQuestions(config, hypotheses, width, claims)
    .slice(0, 1)
    .map((question) => ({
      ...question,
      reason: isOdd
        ? `${question.reason} Known models of these widths have ${[...relatives].join(' or ')} heads.`
        : question.reason,
      severity: isOdd ? 'damages' : 'note',
      isConsistent: true,
    }));
}

/** One question for each number about heads that the class has, with what it could be. */
export function openQuestions(
  config: ConfigReader,
  hypotheses: readonly HeadHypothesis[],
  { query, queryRows }: QueryWidth,
  claims: HeadClaims,
): OpenField[] {
  const shape = `${query.tensor} [${query.shape.join(', ')}]`;
  const ask = (keys: readonly string[], name: string, candidates: number[], configured: number | null): OpenField[] => {
    const own = config.field(keys)?.key ?? config.section + (config.defaults?.ownKey(keys) ?? name);
    const reason = `${shape} proves heads × head size = ${queryRows} only. ${hypotheses.length > 1 ? 'These fit' : 'This fits'}, the likeliest first.`;
    return [{ field: own, configured, candidates, reason, tensor: query.tensor, severity: 'blocks' }];
  };
  const hasHeadSize =
    !ignoresHeadSize(config) && (config.defaults?.has('head_dim') === true || claims.headDim !== null);
  return [
    ...ask(
      HEAD_KEYS,
      'num_attention_heads',
      hypotheses.map((each) => each.heads),
      claims.heads,
    ),
    ...(hasKeyValueHeads(config)
      ? ask(
          KEY_VALUE_KEYS,
          'num_key_value_heads',
          hypotheses.map((each) => each.keyValueHeads),
          claims.keyValueHeads,
        )
      : []),
    ...(hasHeadSize
      ? ask(
          HEAD_SIZE_KEYS,
          'head_dim',
          hypotheses.map((each) => each.headDim),
          claims.headDim,
        )
      : []),
  ];
}
