import { type ConfigObject, type ConfigReader, isObject } from './config-reader';
import type { OpenField } from './open-field';

const SECTION_KEYS = ['rope_parameters', 'rope_scaling'];
const ORIGINAL = 'original_max_position_embeddings';
/**
 * What each kind of scaling is made of, as the converter reads it (llama.cpp v0.5.0): it stops without the original context
 * of YaRN, passes a scaling without a factor over, and fills in Llama 3.1's numbers for Llama 3's kind.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  linear: ['factor'],
  yarn: ['factor', ORIGINAL],
  llama3: ['factor', 'low_freq_factor', 'high_freq_factor', ORIGINAL],
};
const USUAL: Readonly<Record<string, readonly number[]>> = {
  factor: [4, 8, 2],
  low_freq_factor: [1],
  high_freq_factor: [4],
};
/** Their positions are cut into parts for time, height and width, and llama.cpp does not load them without. */
const IN_SECTIONS: ReadonlySet<string> = new Set([
  'qwen2_vl',
  'qwen2_vl_text',
  'qwen2_5_vl',
  'qwen2_5_vl_text',
  'qwen3_vl',
  'qwen3_vl_text',
  'qwen3_vl_moe',
  'qwen3_vl_moe_text',
]);

/** A scaling of the rotary positions that lacks one of its numbers, and positions whose sections are lost. */
export function checkRopeScaling(config: ConfigReader): OpenField[] {
  const found = config.field(SECTION_KEYS);
  const scaling = isObject(found?.value) ? found.value : null;
  return [...lostSections(config, scaling), ...(found && scaling ? lostParts(config, found.key, scaling) : [])];
}

function lostParts(config: ConfigReader, section: string, scaling: ConfigObject): OpenField[] {
  const kind = scaling['rope_type'] ?? scaling['type'];
  if (kind === undefined && typeof scaling['factor'] === 'number') {
    const said = `${section} has a factor and does not say which kind of scaling it is of.`;
    return [ask(`${section}.rope_type`, ['linear', 'yarn'], said, 'The converter would pass it over.')];
  }
  const parts = typeof kind === 'string' && Object.hasOwn(PARTS, kind) ? (PARTS[kind] ?? []) : [];
  const absent = parts.filter((part) => (scaling[part] ?? null) === null && !(part === ORIGINAL && config.has(part)));
  return absent.map((part) =>
    ask(
      `${section}.${part}`,
      part === ORIGINAL ? originalContexts(config, scaling) : (USUAL[part] ?? []),
      `${section} is of the kind ${String(kind)} and has no ${part}.`,
      kind === 'yarn' ? 'The converter stops there.' : 'The converter would assume one, or pass the scaling over.',
    ),
  );
}

/** The context before it was stretched: the factor of what it is now, or a config.json that gives that length itself. */
function originalContexts(config: ConfigReader, { factor }: ConfigObject): number[] {
  const context = config.number(['max_position_embeddings']);
  if (context === null) return [];
  const before = typeof factor === 'number' && factor > 0 ? context / factor : context;
  return [...new Set([before, context])].filter((length) => Number.isInteger(length));
}

function lostSections(config: ConfigReader, scaling: ConfigObject | null): OpenField[] {
  if (!IN_SECTIONS.has(config.modelType ?? '') || Array.isArray(scaling?.['mrope_section'])) return [];
  const said =
    'The rotary positions of this class are cut into sections (mrope_section), which config.json does not give.';
  return [ask(`${config.section}rope_scaling`, [], said, 'llama.cpp does not load the file without them.')];
}

function ask(field: string, candidates: OpenField['candidates'], said: string, effect: string): OpenField {
  return {
    field,
    configured: null,
    candidates,
    reason: `${said} No shape tells it. ${effect}`,
    tensor: null,
    severity: 'blocks',
  };
}
