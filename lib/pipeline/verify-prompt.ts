import type { GgufHeader } from '../model/gguf-header';

/** What a model is asked, and llama-completion's options for it. */
export interface SamplePrompt {
  readonly text: string;
  readonly flags: readonly string[];
}

/** For models with a chat template: a question whose right answer everybody knows. */
const CHAT_PROMPT = 'What is the capital of France? Answer in one sentence.';
/** For all others: words that every language model continues. */
const PLAIN_PROMPT = 'The capital of France is';

/**
 * Through the model's own chat template when its file carries one: a broken template is a broken file. Null for encoders,
 * which llama-completion refuses (they mark themselves as not causal).
 */
export function promptFor(header: GgufHeader | null): SamplePrompt | null {
  const architecture = header?.metadata.get('general.architecture');
  if (header?.metadata.get(`${String(architecture)}.attention.causal`) === false) return null;
  const hasTemplate = typeof header?.metadata.get('tokenizer.chat_template') === 'string';
  if (hasTemplate) return { text: CHAT_PROMPT, flags: ['-cnv', '-st', '--jinja', '-p', CHAT_PROMPT] };
  return { text: PLAIN_PROMPT, flags: ['-no-cnv', '-p', PLAIN_PROMPT] };
}
