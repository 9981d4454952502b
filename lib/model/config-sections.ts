/** Objects inside config.json that the converter reads, so that a patch may create them when they were lost. */
export const CREATED_SECTIONS: ReadonlySet<string> = new Set([
  'rope_scaling',
  'rope_parameters',
  'text_config',
  'llm_config',
  'quantization_config',
]);
