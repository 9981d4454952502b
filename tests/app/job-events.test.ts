import { describe, expect, it } from 'vitest';
import { newerJob, withArtifact, withJobRow, withStepProgress } from '../../app/_live/job-events';
import type { ArtifactView, JobDetail, JobSummary, StepView } from '../../lib/domain/views';

const step = (id: string, status: StepView['status']) =>
  ({ id, status, progress: null, note: 'old' }) as unknown as StepView;
const job = (sequence: number) =>
  ({
    id: 'j1',
    sequence,
    steps: [step('s1', 'succeeded'), step('s2', 'running')],
    artifacts: [],
  }) as unknown as JobDetail;

describe('job events', () => {
  it('keeps the newer state whichever arrives last', () => {
    expect(newerJob(job(5), job(4)).sequence).toBe(5);
    expect(newerJob(job(4), job(5)).sequence).toBe(5);
    const other = { ...job(9), id: 'other' };
    expect(newerJob(job(4), other).id).toBe('j1');
  });

  it('puts progress only onto the running step that it is about', () => {
    const progress = { phase: 'x' } as unknown as StepView['progress'];
    const moved = withStepProgress(job(1), { jobId: 'j1', stepId: 's2', progress, note: null });
    expect(moved.steps[1]).toMatchObject({ progress, note: 'old' });
    const late = job(1);
    expect(withStepProgress(late, { jobId: 'j1', stepId: 's1', progress, note: null })).toBe(late);
    expect(withStepProgress(late, { jobId: 'j2', stepId: 's2', progress, note: null })).toBe(late);
  });

  it('adds an artifact once and then replaces it', () => {
    const artifact = (sha256: string | null) => ({ id: 'a', jobId: 'j1', sha256 }) as unknown as ArtifactView;
    const once = withArtifact(job(1), artifact(null));
    expect(withArtifact(once, artifact('ff')).artifacts).toEqual([artifact('ff')]);
  });

  it('never inserts a row into a list that somebody is reading', () => {
    const rows = [{ id: 'j1', name: 'a' }] as unknown as JobSummary[];
    expect(withJobRow(rows, { id: 'j2' } as unknown as JobSummary)).toBe(rows);
    expect(withJobRow(rows, { id: 'j1', name: 'b' } as unknown as JobSummary)[0]?.name).toBe('b');
  });
});
