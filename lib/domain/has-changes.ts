/**
 * Whether a repair has anything to approve. On its own: the page of a job asks this, and must not carry the schemas that
 * lib/domain/model-check.ts is made of.
 */
export function hasChanges({ patch, files }: { readonly patch: object; readonly files: readonly unknown[] }): boolean {
  return Object.keys(patch).length > 0 || files.length > 0;
}
