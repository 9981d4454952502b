import type { Progress } from '../domain/progress';
import type { HostSample } from '../domain/sample';
import type { StepKind } from '../domain/step-key';
import type { HostLink } from './host-link';
import type { PipelineDependencies } from './step-context';

const KEPT_SAMPLES = 60;
const PAUSE_AFTER_LOSS_MS = 2000;

/** What the watch needs to know of a running step to explain the gauges. */
export interface WatchedStep {
  readonly kind: StepKind;
  readonly progress: () => Progress | null;
  /** When it was last heard of. */
  readonly lastSignMs: () => number;
  readonly note: (note: string | null) => void;
}

/**
 * Samples the host once a second while a job runs, stores and shows each sample, and lets the explainer say what each
 * running step is bound by. A cut leaves a gap in the chart; it never disturbs the job.
 */
export class HostWatch {
  readonly #jobId: string;
  readonly #host: HostLink;
  readonly #world: PipelineDependencies;
  readonly #samples: HostSample[] = [];
  readonly #steps = new Map<string, WatchedStep>();

  constructor(jobId: string, host: HostLink, world: PipelineDependencies) {
    this.#jobId = jobId;
    this.#host = host;
    this.#world = world;
  }

  beginStep(stepId: string, step: WatchedStep): void {
    this.#steps.set(stepId, step);
  }

  endStep(stepId: string): void {
    this.#steps.delete(stepId);
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { telemetry, clock, logger } = this.#world;
    while (!signal.aborted) {
      try {
        const session = await this.#host.session(signal);
        const reader = telemetry.createReader();
        const onData = (chunk: Uint8Array) => {
          for (const sample of reader.push(chunk)) this.#take(sample);
        };
        await session.stream(telemetry.samplerScript(session.homeFolder), onData, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn('sampling the host stopped, trying again', { jobId: this.#jobId, reason: String(error) });
      }
      await clock.sleep(PAUSE_AFTER_LOSS_MS, signal).catch(() => undefined);
    }
  }

  #take(sample: HostSample): void {
    const { samples, live, telemetry, clock, logger } = this.#world;
    this.#samples.push(sample);
    if (this.#samples.length > KEPT_SAMPLES) this.#samples.shift();
    live.sampled(this.#jobId, sample);
    samples.append(this.#jobId, sample).catch((error: unknown) => logger.error('a sample was not stored', error));
    const isAlone = this.#steps.size === 1;
    for (const step of this.#steps.values()) {
      const quietMs = clock.monotonicMs() - step.lastSignMs();
      const about = { stepKind: step.kind, samples: this.#samples, progress: step.progress(), quietMs, isAlone };
      step.note(telemetry.explain(about));
    }
  }
}
