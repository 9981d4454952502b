import type { Failure } from '../domain/failure';
import {
  checkSourceSchema,
  type ModelCheckReport,
  type ModelCheckStatus,
  type ModelCheckView,
} from '../domain/model-check';
import type { ModelCheck } from './generated/client';
import { fromJson } from './json-column';
import { runtime } from './runtime';

/** One check, null when there is none of this id. */
export async function findModelCheck(id: string): Promise<ModelCheckView | null> {
  const row = await runtime().client.modelCheck.findUnique({ where: { id } });
  return row ? toView(row) : null;
}

/** Checks newest first, at most `limit` (1..100, 20 when absent). */
export async function listModelChecks(limit = 20): Promise<ModelCheckView[]> {
  const rows = await runtime().client.modelCheck.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: Math.min(100, Math.max(1, limit)),
  });
  return rows.map(toView);
}

function toView(row: ModelCheck): ModelCheckView {
  return {
    id: row.id,
    source: checkSourceSchema.parse(row.source),
    status: row.status as ModelCheckStatus,
    commit: row.commit,
    report: fromJson<ModelCheckReport>(row.report),
    failure: fromJson<Failure>(row.failure),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
