import path from 'node:path/posix';
import * as z from 'zod';
import type { Source } from '../domain/source';
import type { HubListing } from './ports';
import type { StepContext } from './step-context';

const LIMIT_BYTES = 16 * 1024 * 1024;

const listingSchema = z.object({
  repo: z.string(),
  commit: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      sizeBytes: z.number().nonnegative(),
      sha256: z.string().nullable(),
      gitOid: z.string().nullable(),
      url: z.string(),
    }),
  ),
});

/**
 * What a hub source consists of, asked once a job: the answer is kept in the job's folder on the host, so that a job
 * that is picked up again neither follows a branch that moved on nor needs the hub for files it has already.
 */
export async function pinnedListing(
  context: StepContext,
  source: Extract<Source, { kind: 'hub' }>,
): Promise<HubListing> {
  const kept = context.commit === null ? null : await readKept(context);
  if (kept && kept.commit === context.commit) return kept;
  const hub = await context.world.hub();
  const listing = await hub.list(source.repo, context.commit ?? source.revision);
  await context.host.withSession(async (session) => {
    await session.exec(context.world.shell.command(['mkdir', '-p', context.workspace.job]));
    await session.writeFile(fileOf(context), JSON.stringify(listing));
  }, context.signal);
  await context.world.ledger.recordSource(context.lease, { commit: listing.commit });
  context.commit = listing.commit;
  return listing;
}

async function readKept(context: StepContext): Promise<HubListing | null> {
  const text = await context.host.withSession(async (session) => {
    const stat = await session.stat(fileOf(context));
    if (!stat || stat.sizeBytes > LIMIT_BYTES) return null;
    return new TextDecoder().decode(await session.readRange(fileOf(context), 0, stat.sizeBytes));
  }, context.signal);
  if (text === null) return null;
  try {
    return listingSchema.parse(JSON.parse(text));
  } catch {
    // Cut short or written by another version: the hub is asked again.
    return null;
  }
}

function fileOf(context: StepContext): string {
  return path.join(context.workspace.job, 'source.json');
}
