import { FailureError } from './failure';

/** Over whose line a checkpoint comes to a rented machine: the hub's, or the dashboard's own, which sends it by SSH. */
export const CHECKPOINT_ORIGINS = ['hub', 'dashboard'] as const;
export type CheckpointOrigin = (typeof CHECKPOINT_ORIGINS)[number];

/** What matters here of what was checked; a folder without an instance is on the dashboard's machine. */
type CheckedSource = { readonly kind: 'hub' } | { readonly kind: 'folder'; readonly instanceId: string | null };

/** Null for a folder of another host: a machine that is not there yet cannot read it, and nobody carries it over. */
export function checkpointOriginOf(source: CheckedSource): CheckpointOrigin | null {
  if (source.kind === 'hub') return 'hub';
  return source.instanceId === null ? 'dashboard' : null;
}

/** The same for whoever goes no further without; throws `conflict`. */
export function requireCheckpointOrigin(source: CheckedSource): CheckpointOrigin {
  const origin = checkpointOriginOf(source);
  if (origin !== null) return origin;
  throw new FailureError(
    'conflict',
    'This checkpoint is a folder of another host, which a rented machine cannot read.',
    {
      remedy: 'Convert it on that host, or check the same model from the hub.',
    },
  );
}
