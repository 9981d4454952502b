import type { Verification } from '../../lib/domain/artifact';

/** What is found of a file that is proven to work. */
export const VERIFIED: Verification = {
  structureOk: true,
  structureProblems: [],
  tensorCount: 1,
  architecture: 'llama',
  loadsOk: true,
  promptTokensPerSecond: 9,
  generationTokensPerSecond: 9,
  sampleText: 'hello',
  samplePrompt: 'say',
  problem: null,
};
