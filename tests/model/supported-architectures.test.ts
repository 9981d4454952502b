import { expect, it } from 'vitest';
import {
  listSupportedTextArchitectures,
  SUPPORTED_TEXT_ARCHITECTURE_COUNT,
  supportsTextArchitecture,
} from '../../lib/model/supported-architectures';

it('holds the 267 text architectures of the pinned converter, each once', () => {
  expect(SUPPORTED_TEXT_ARCHITECTURE_COUNT).toBe(267);
  expect(listSupportedTextArchitectures()).toHaveLength(267);
  expect(supportsTextArchitecture('LlamaForCausalLM')).toBe(true);
  expect(supportsTextArchitecture('OPTForCausalLM')).toBe(false);
  expect(listSupportedTextArchitectures().every((name) => /^[A-Za-z0-9_.]+$/.test(name))).toBe(true);
});
