import * as z from 'zod';

/** `owner/name` as the hub allows it. Also what keeps shell metacharacters out long before anything is quoted. */
export const HUB_REPO_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
const REVISION_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/** A model of the hub at a revision. */
export const hubSourceSchema = z.object({
  kind: z.literal('hub'),
  repo: z
    .string()
    .trim()
    .regex(HUB_REPO_PATTERN, 'A model id looks like owner/name: letters, digits, dots, dashes and underscores only.'),
  revision: z.string().trim().regex(REVISION_PATTERN, 'A revision is a branch, a tag or a commit.').default('main'),
});

/** A whole path, of this or of another machine. */
export const folderPathSchema = z
  .string()
  .trim()
  .min(1)
  .max(4096)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  .refine((path) => !/[\u0000-\u001f]/.test(path), 'A path cannot hold control characters.')
  .refine((path) => /^(\/|~\/|[A-Za-z]:[\\/])/.test(path), 'Give the whole path, from / (or from the drive).');

/** Where a checkpoint comes from. */
export const sourceSchema = z.discriminatedUnion('kind', [
  hubSourceSchema,
  z.object({
    kind: z.literal('folder'),
    /** Whose disk the path is on. */
    location: z.enum(['host', 'dashboard']).default('host'),
    path: folderPathSchema,
  }),
]);
export type Source = z.infer<typeof sourceSchema>;

/**
 * What a person pastes into the model field: `owner/name`, `owner/name@revision`, a hub URL with or without
 * `/tree/<revision>`, or an absolute path. Returns null when it is none of these.
 */
export function parseSourceText(text: string): Source | null {
  const trimmed = text.trim();
  if (/^(\/|~\/|[A-Za-z]:[\\/])/.test(trimmed)) {
    const parsed = sourceSchema.safeParse({ kind: 'folder', path: trimmed });
    return parsed.success ? parsed.data : null;
  }
  const url = /^https?:\/\/[^/]+\/([^/]+\/[^/?#]+)(?:\/(?:tree|blob|resolve)\/([^/?#]+))?/.exec(trimmed);
  const [repo, revision] = url ? [url[1], url[2]] : trimmed.split('@', 2);
  const parsed = sourceSchema.safeParse({ kind: 'hub', repo, ...(revision ? { revision } : {}) });
  return parsed.success ? parsed.data : null;
}

/** A short name for lists and file names: the last part of the id or path. */
export function sourceName(source: Source): string {
  return lastPart(source.kind === 'hub' ? source.repo : source.path);
}

/** What stands behind the last slash of either kind; the text itself when nothing does. */
export function lastPart(text: string): string {
  const bare = text.replace(/[\\/]+$/, '');
  const last = bare.slice(Math.max(bare.lastIndexOf('/'), bare.lastIndexOf('\\')) + 1);
  return last === '' ? text : last;
}
