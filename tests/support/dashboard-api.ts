import { setTimeout as sleep } from 'node:timers/promises';
import type { NewConversion } from '../../lib/domain/conversion-spec';
import type { InstanceView } from '../../lib/domain/instance';
import type { ProblemDetails } from '../../lib/domain/problem-details';
import type { JobDetail, StepView } from '../../lib/domain/views';

const POLL_MS = 60;
const ENDED = ['succeeded', 'failed', 'canceled'];

/** The dashboard's REST API as scripts use it. Every answer that is not 2xx throws, with what was said. */
export class DashboardApi {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  /** An answer as it is, for its status and headers. */
  request(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<Response> {
    const { method = 'GET', headers = {}, body } = init;
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async get<T>(path: string): Promise<T> {
    return this.#read<T>(await this.request(path), path);
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    return this.#read<T>(await this.request(path, { method: 'POST', ...(body === undefined ? {} : { body }) }), path);
  }

  /** A POST that is to be refused: its problem details. */
  async refusal(path: string, body: unknown): Promise<ProblemDetails> {
    const answer = await this.request(path, { method: 'POST', body });
    if (answer.ok) throw new Error(`${path} was not refused`);
    return (await answer.json()) as ProblemDetails;
  }

  async isHealthy(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/api/v1/health`, { signal: AbortSignal.timeout(5000) });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      // Not listening: that is the answer.
      return false;
    }
  }

  async thisMachine(): Promise<string> {
    const { instances } = await this.get<{ instances: InstanceView[] }>('/api/v1/instances');
    const found = instances.find(({ kind }) => kind === 'this-machine');
    if (!found) throw new Error('the dashboard has no "This machine"');
    return found.id;
  }

  async startJob(spec: Omit<NewConversion, 'instanceId'> & { instanceId?: string }): Promise<string> {
    const instanceId = spec.instanceId ?? (await this.thisMachine());
    return (await this.post<JobDetail>('/api/v1/jobs', { ...spec, instanceId })).id;
  }

  job(jobId: string): Promise<JobDetail> {
    return this.get<JobDetail>(`/api/v1/jobs/${jobId}`);
  }

  /** Asks until it holds; a job that ends before is a failure that says why. */
  async until(jobId: string, holds: (job: JobDetail) => boolean, timeoutMs = 120_000): Promise<JobDetail> {
    const deadlineMs = Date.now() + timeoutMs;
    for (;;) {
      const job = await this.job(jobId);
      if (holds(job)) return job;
      if (ENDED.includes(job.status) || Date.now() > deadlineMs) throw new Error(`waited in vain: ${describeJob(job)}`);
      await sleep(POLL_MS);
    }
  }

  ended(jobId: string, timeoutMs = 120_000): Promise<JobDetail> {
    return this.until(jobId, (job) => ENDED.includes(job.status), timeoutMs);
  }

  stepRunning(jobId: string, key: string): Promise<JobDetail> {
    return this.until(jobId, (job) => stepOf(job, key).status === 'running');
  }

  /** A step's whole log as bytes. */
  async log(jobId: string, stepId: string): Promise<Buffer> {
    const answer = await this.request(`/api/v1/jobs/${jobId}/steps/${stepId}/log?offset=0`);
    return Buffer.from(await answer.arrayBuffer());
  }

  async #read<T>(answer: Response, path: string): Promise<T> {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${text.slice(0, 2000)}`);
    return JSON.parse(text) as T;
  }
}

export function stepOf(job: JobDetail, key: string): StepView {
  const step = job.steps.find((one) => one.key === key);
  if (!step) throw new Error(`job ${job.id} has no step ${key}`);
  return step;
}

/** One line for a failed expectation. */
export function describeJob(job: JobDetail): string {
  const steps = job.steps.map((step) => `${step.key}=${step.status}`).join(' ');
  return `${job.status}, ${job.verdict}, ${JSON.stringify(job.failure)}; ${steps}`;
}
