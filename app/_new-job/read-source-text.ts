import { parseSourceText, type Source, sourceName } from '../../lib/domain/source';

export interface SourceReading {
  readonly source: Source | null;
  /** What was understood, or what is missing; null for an empty field. */
  readonly words: string | null;
  readonly isWrong: boolean;
}

/** Says, while somebody types, what a model field's text means. */
export function readSourceText(text: string): SourceReading {
  const trimmed = text.trim();
  if (trimmed === '') return { source: null, words: null, isWrong: false };
  const source = parseSourceText(trimmed);
  if (source?.kind === 'hub') {
    return { source, words: `Model ${source.repo} of the hub, revision ${source.revision}.`, isWrong: false };
  }
  if (source) return { source, words: `Folder ${source.path} (${sourceName(source)}).`, isWrong: false };
  return { source: null, words: whatIsMissing(trimmed), isWrong: true };
}

function whatIsMissing(text: string): string {
  if (/\s/.test(text)) return 'A model id has no spaces.';
  if (/^https?:/.test(text)) return 'This address does not name a model: it should end in owner/name.';
  if (!text.includes('/')) return 'The owner is missing: a model id is owner/name, as on the model’s page.';
  return 'A model id looks like owner/name: letters, digits, dots, dashes and underscores only.';
}
