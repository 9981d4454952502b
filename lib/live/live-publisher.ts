import type { InstanceView } from '../domain/instance';
import type { Progress } from '../domain/progress';
import type { RentalSummary } from '../domain/rental-summary';
import type { HostSample } from '../domain/sample';
import type { ArtifactView, JobDetail, JobSummary } from '../domain/views';
import { createCoalescer } from './coalescer';
import type { LiveHub } from './hub';
import type { LogBatcher } from './log-batcher';

/** The same shape as the pipeline's port of this name; `lib/server/compose.ts` is where the compiler compares them. */
export interface LivePublisher {
  jobChanged(jobId: string): void;
  logAppended(jobId: string, stepId: string, offset: number, bytes: Uint8Array, length: number): void;
  stepProgressed(jobId: string, stepId: string, progress: Progress | null, note: string | null): void;
  sampled(jobId: string, sample: HostSample): void;
  instanceChanged(instanceId: string): void;
  artifactChanged(artifactId: string): void;
  rentalsChanged(): void;
}

export interface LiveViews {
  findJob(jobId: string): Promise<JobDetail | null>;
  findJobSummary(jobId: string): Promise<JobSummary | null>;
  findInstance(instanceId: string): Promise<InstanceView | null>;
  findArtifact(artifactId: string): Promise<ArtifactView | null>;
  findRentalSummary(): Promise<RentalSummary>;
}

export interface LiveLogger {
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, error: unknown, fields?: Record<string, unknown>): void;
}

/** At most ten updates a second for each thing: faster than anybody sees, slower than a tool's progress lines. */
const MIN_INTERVAL_MS = 100;

export const JOBS_TOPIC = 'jobs';
export const INSTANCES_TOPIC = 'instances';
export const RENTALS_TOPIC = 'rentals';
export const jobTopic = (jobId: string) => `job:${jobId}`;

/** Turns "this changed" into events: loads the view once, and only when somebody watches. */
export function createLivePublisher(
  hub: LiveHub,
  batcher: LogBatcher,
  views: LiveViews,
  logger: LiveLogger,
): LivePublisher & { close(): void } {
  const feed = (run: (id: string) => void | Promise<void>) =>
    createCoalescer({
      minIntervalMs: MIN_INTERVAL_MS,
      run,
      onError: (id, error) => logger.error('a change could not be sent to browsers', error, { id }),
    });
  const progresses = new Map<string, StepProgress>();
  const jobs = feed(async (jobId) => {
    await Promise.all([publishJob(hub, views, jobId), publishSummary(hub, views, jobId)]);
  });
  const instances = feed((instanceId) => publishInstance(hub, views, instanceId));
  const artifacts = feed((artifactId) => publishArtifact(hub, views, artifactId));
  const rentals = feed(() => publishRentals(hub, views));
  const steps = feed((stepId) => {
    const payload = progresses.get(stepId);
    progresses.delete(stepId);
    if (!payload) return;
    hub.publish([jobTopic(payload.jobId)], { event: 'step:progressed', payload, key: stepId, isVolatile: false });
  });

  return {
    jobChanged: (jobId) => jobs.poke(jobId),
    logAppended: (_jobId, stepId, offset, bytes, length) => batcher.append(stepId, offset, bytes, length),
    stepProgressed(jobId, stepId, progress, note) {
      if (!hub.hasListeners(jobTopic(jobId))) return;
      progresses.set(stepId, { jobId, stepId, progress, note });
      steps.poke(stepId);
    },
    sampled(jobId, sample) {
      hub.publish([jobTopic(jobId)], { event: 'host:sampled', payload: { jobId, sample }, key: '', isVolatile: true });
    },
    instanceChanged: (instanceId) => instances.poke(instanceId),
    artifactChanged: (artifactId) => artifacts.poke(artifactId),
    rentalsChanged: () => rentals.poke(RENTALS_TOPIC),
    close() {
      for (const coalescer of [jobs, instances, artifacts, rentals, steps]) coalescer.close();
    },
  };
}

interface StepProgress {
  readonly jobId: string;
  readonly stepId: string;
  readonly progress: Progress | null;
  readonly note: string | null;
}

async function publishInstance(hub: LiveHub, views: LiveViews, instanceId: string): Promise<void> {
  const payload = hub.hasListeners(INSTANCES_TOPIC) ? await views.findInstance(instanceId) : null;
  if (payload)
    hub.publish([INSTANCES_TOPIC], { event: 'instance:updated', payload, key: instanceId, isVolatile: false });
}

async function publishRentals(hub: LiveHub, views: LiveViews): Promise<void> {
  const payload = hub.hasListeners(RENTALS_TOPIC) ? await views.findRentalSummary() : null;
  if (payload)
    hub.publish([RENTALS_TOPIC], { event: 'rentals:updated', payload, key: RENTALS_TOPIC, isVolatile: false });
}

async function publishArtifact(hub: LiveHub, views: LiveViews, artifactId: string): Promise<void> {
  const payload = await views.findArtifact(artifactId);
  if (!payload) return;
  hub.publish([jobTopic(payload.jobId), JOBS_TOPIC], {
    event: 'artifact:updated',
    payload,
    key: artifactId,
    isVolatile: false,
  });
}

async function publishJob(hub: LiveHub, views: LiveViews, jobId: string): Promise<void> {
  const topic = jobTopic(jobId);
  const payload = hub.hasListeners(topic) ? await views.findJob(jobId) : null;
  if (payload) hub.publish([topic], { event: 'job:updated', payload, key: topic, isVolatile: false });
}

async function publishSummary(hub: LiveHub, views: LiveViews, jobId: string): Promise<void> {
  const payload = hub.hasListeners(JOBS_TOPIC) ? await views.findJobSummary(jobId) : null;
  if (payload)
    hub.publish([JOBS_TOPIC], { event: 'jobs:updated', payload, key: `summary:${jobId}`, isVolatile: false });
}
