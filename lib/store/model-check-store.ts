import type { Failure } from '../domain/failure';
import {
  type Answers,
  answersSchema,
  type CheckSource,
  checkSourceSchema,
  type ModelCheckReport,
} from '../domain/model-check';
import { toJson } from './json-column';
import { runtime } from './runtime';
import { writeTransaction } from './write-transaction';

export interface ClaimedModelCheck {
  readonly id: string;
  readonly source: CheckSource;
  /** The commit that was looked at before; null at the first time. */
  readonly commit: string | null;
  readonly answers: Answers;
}

export type ModelCheckOutcome =
  | { readonly report: ModelCheckReport; readonly commit: string | null }
  | { readonly failure: Failure };

/** Takes the oldest check that waits, now marked as running; null when there is none. */
export async function claimModelCheck(): Promise<ClaimedModelCheck | null> {
  const where = { status: 'queued' };
  const waiting = await runtime().client.modelCheck.findFirst({ where, select: { id: true } });
  if (!waiting) return null;
  return writeTransaction(async (transaction) => {
    const row = await transaction.modelCheck.findFirst({ where, orderBy: { createdAt: 'asc' } });
    if (!row) return null;
    await transaction.modelCheck.update({ where: { id: row.id }, data: { status: 'running' } });
    const answers = answersSchema.parse(row.answers ?? {});
    return { id: row.id, source: checkSourceSchema.parse(row.source), commit: row.commit, answers };
  });
}

/** The end of a check; one that was deleted meanwhile stays deleted. */
export async function recordModelCheck(id: string, outcome: ModelCheckOutcome): Promise<void> {
  const finished = { finishedAt: new Date() };
  const data =
    'failure' in outcome
      ? { status: 'failed', failure: toJson(outcome.failure), ...finished }
      : {
          status: 'succeeded',
          report: toJson(outcome.report),
          failure: toJson(null),
          commit: outcome.commit,
          ...finished,
        };
  const { client, writes } = runtime();
  await writes.run(() => client.modelCheck.updateMany({ where: { id }, data }));
}

/** Lets checks that a dead process left half done begin again: they only read. Called before the worker starts. */
export async function requeueModelChecks(): Promise<void> {
  const { client, writes } = runtime();
  await writes.run(() => client.modelCheck.updateMany({ where: { status: 'running' }, data: { status: 'queued' } }));
}

/** Deletes all but the newest `keep` checks. Answers how many went. */
export async function pruneModelChecks(keep = 500): Promise<number> {
  const { client, writes } = runtime();
  const oldest = await client.modelCheck.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip: keep,
    take: 500,
    select: { id: true },
  });
  if (oldest.length === 0) return 0;
  const ids = oldest.map(({ id }) => id);
  return (await writes.run(() => client.modelCheck.deleteMany({ where: { id: { in: ids } } }))).count;
}
