import type { ConversionSpec } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import {
  type CheckSource,
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
  return row ? toModelCheckView(row) : null;
}

/** Checks newest first, at most `limit` (1..100, 20 when absent). */
export async function listModelChecks(limit = 20): Promise<ModelCheckView[]> {
  const rows = await runtime().client.modelCheck.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: Math.min(100, Math.max(1, limit)),
  });
  return rows.map(toModelCheckView);
}

const MOST_COMPARED = 200;

/** The newest check of what a job converts, null when nobody checked it. A folder of this machine is one of the dashboard's. */
export async function findCheckOf(spec: Pick<ConversionSpec, 'source' | 'instanceId'>): Promise<string | null> {
  const rows = await runtime().client.modelCheck.findMany({
    select: { id: true, source: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST_COMPARED,
  });
  return rows.find((row) => isCheckOf(checkSourceSchema.parse(row.source), spec))?.id ?? null;
}

function isCheckOf(
  checked: CheckSource,
  { source, instanceId }: Pick<ConversionSpec, 'source' | 'instanceId'>,
): boolean {
  if (checked.kind === 'hub' || source.kind === 'hub') {
    return checked.kind === 'hub' && source.kind === 'hub' && checked.repo === source.repo;
  }
  const isPlace = checked.instanceId === null || checked.instanceId === instanceId;
  return checked.path === source.path && isPlace;
}

/** A row of the table as pages and the API show it. */
export function toModelCheckView(row: ModelCheck): ModelCheckView {
  return {
    id: row.id,
    source: checkSourceSchema.parse(row.source),
    status: row.status as ModelCheckStatus,
    commit: row.commit,
    report: completeReport(fromJson<ModelCheckReport>(row.report)),
    failure: fromJson<Failure>(row.failure),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** A report of an earlier version, which knew no answers, in today's shape. */
function completeReport(report: ModelCheckReport | null): ModelCheckReport | null {
  if (!report || report.refusedAnswers) return report;
  const undetermined = report.repair.undetermined.map((question) => ({
    ...question,
    options: question.candidates.map((value) => ({ value, meaning: '', source: '' })),
    limits: null,
    isRequired: false,
  }));
  const repair = { ...report.repair, undetermined, answers: [] };
  return { ...report, repair, refusedAnswers: [], waitsForAnswers: false };
}
