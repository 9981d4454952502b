import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nanoUsdOf } from '../../lib/domain/money';
import type { RentalEventView, RentalView } from '../../lib/domain/rental';
import type { JobDetail } from '../../lib/domain/views';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { type DeadlyMoment, DeadlyService, type RequestKind } from '../support/deadly-service';
import { canRunContainers } from '../support/fake-vast/fake-container';
import { type FakeVast, startFakeVast } from '../support/fake-vast/fake-vast';
import { seededRandom } from '../support/seeded-random';

const SEED = Number(process.env['QUANTDECK_FAULT_SEED'] ?? 20_260_727);
/** A death between the wish to send an order and its answer costs a try, whatever came of it. */
const TERMS = { mostNanoUsdPerHour: nanoUsdOf(3), mostNanoUsd: nanoUsdOf(20), mostMs: 86_400_000, mostTries: 10 };
const LIMIT_MS = 240_000;
/** Longer than a request is in doubt. */
const DOUBT_OVER_MS = 11 * 60_000;
const CLOCK = pathToFileURL(path.resolve(import.meta.dirname, '../support/jumping-clock.mjs')).href;

/** Each changes something at the service, or decides whether something is to be changed: none may go without a death. */
const EVERY_REQUEST = [
  'looking: GET instances',
  'looking: POST bundles',
  'looking: GET ssh',
  'looking: POST ssh',
  'looking: GET instances by label',
  'looking: POST bundles of one',
  'looking: PUT asks/id',
  'there: GET instances',
  'there: POST instances/id/ssh',
  'there: GET instances/id',
  'unwanted: GET instances',
  'unwanted: GET instances/id',
  'unwanted: DELETE instances/id',
  'gone: GET instances/id',
  'gone: GET instances by id',
];

/** What an answer to these brings is written down: the moment after it is a moment around a commit. */
const WRITTEN_AFTER = [
  'looking: POST bundles',
  'looking: POST ssh',
  'looking: PUT asks/id',
  'there: GET instances',
  'there: POST instances/id/ssh',
  'there: GET instances/id',
  'unwanted: DELETE instances/id',
  'gone: GET instances by id',
];

/** Whether the service had heard of it matters; of a question a dead process learns the same, so one death is enough. */
const isChange = (kind: RequestKind) => !/GET|bundles/.test(kind);
const isBeforeRenting = (kind: RequestKind) => kind.startsWith('looking');
/** The credit and the bill are read to be shown: nothing hangs on them. */
const isShown = (kind: RequestKind) => /users|charges/.test(kind);

const MOMENTS: readonly (readonly [DeadlyMoment, (kind: RequestKind) => boolean])[] = [
  ['before', (kind) => !isShown(kind) && (isChange(kind) || !isBeforeRenting(kind))],
  ['after', (kind) => !isShown(kind) && (isChange(kind) || isBeforeRenting(kind))],
  ['a moment after the answer to', (kind) => WRITTEN_AFTER.includes(kind)],
];

/** Every night all of them; for every change the one in which what was done is known to the service alone. */
const PLAYED = process.env['QUANTDECK_NIGHTLY'] === '1' ? MOMENTS : MOMENTS.filter(([moment]) => moment === 'after');

/** A rented job in a dashboard that dies of its requests, and is started again each time. */
class DeadlyJourney {
  readonly fake: FakeVast;
  readonly service: DeadlyService;
  readonly #clock: string;
  readonly #dashboard: Dashboard;
  #aheadMs = 0;

  private constructor(fake: FakeVast, service: DeadlyService, clock: string, dashboard: Dashboard) {
    this.fake = fake;
    this.service = service;
    this.#clock = clock;
    this.#dashboard = dashboard;
  }

  static async open(moment: DeadlyMoment, isDeadly: (kind: RequestKind) => boolean): Promise<DeadlyJourney> {
    const fake = await startFakeVast({ ssh: true, speed: 60 });
    const service = await DeadlyService.open(fake, { moment, isDeadly, random: seededRandom(SEED) });
    const folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-clock-'));
    const clock = path.join(folder, 'ahead');
    await writeFile(clock, '0');
    const dashboard = await Dashboard.start({
      VAST_URL: service.url,
      VAST_API_KEY: fake.key,
      NODE_OPTIONS: `--import=${CLOCK}`,
      QUANTDECK_TEST_CLOCK: clock,
    });
    return new DeadlyJourney(fake, service, clock, dashboard);
  }

  /** One button; and once the machine is ready, the other. */
  async live(): Promise<{ rental: RentalView; events: readonly RentalEventView[]; job: JobDetail }> {
    const { api } = this.#dashboard;
    const source = { kind: 'folder', instanceId: null, path: await tinyCheckpoint() };
    const { id: checkId } = await api.post<{ id: string }>('/api/v1/model-checks', { source });
    const { id: jobId, instanceId } = await api.post<JobDetail>('/api/v1/jobs', {
      checkId,
      outputs: ['F16'],
      rental: TERMS,
    });
    const { rentals } = await api.get<{ rentals: RentalView[] }>('/api/v1/rentals');
    const rentalId = rentals.find((each) => each.instanceId === instanceId)?.id ?? '';
    this.service.arm(() => this.#die());
    const deadlineMs = Date.now() + LIMIT_MS;
    for (;;) {
      const rental = await this.#ask<RentalView>('GET', `/api/v1/rentals/${rentalId}`);
      if (rental?.state === 'ended') break;
      if (Date.now() > deadlineMs)
        throw new Error(`never gone: ${JSON.stringify(rental)}\n${this.service.deaths.join('\n')}`);
      if (rental?.state === 'ready') {
        this.service.isUnwanted = true;
        await this.#ask('POST', `/api/v1/jobs/${jobId}/cancel`);
      }
      if (rental && isInDoubt(rental, this.fake)) await this.#outliveDoubt(rentalId);
      await sleep(50);
    }
    await this.service.disarm();
    await this.#dashboard.healthy();
    return {
      rental: await api.get<RentalView>(`/api/v1/rentals/${rentalId}`),
      events: (await api.get<{ events: RentalEventView[] }>(`/api/v1/rentals/${rentalId}/events`)).events,
      job: await api.ended(jobId),
    };
  }

  async close(): Promise<void> {
    await this.#dashboard.remove();
    await this.service.close();
    await this.fake.close();
    await rm(path.dirname(this.#clock), { recursive: true, force: true });
  }

  async #die(): Promise<void> {
    await this.#dashboard.end('SIGKILL');
    this.#dashboard.beginUnattended();
  }

  /** Null while nobody answers, and for what is refused. */
  async #ask<T>(method: string, url: string, body?: unknown): Promise<T | null> {
    try {
      const answer = await this.#dashboard.api.request(url, { method, ...(body === undefined ? {} : { body }) });
      const text = await answer.text();
      return answer.ok ? (JSON.parse(text) as T) : null;
    } catch {
      return null;
    }
  }

  /**
   * An order that the service never got is looked for ten minutes long, counted from the last start. That much time goes
   * by at once, for everybody, as soon as the process that lives now has begun to look.
   */
  async #outliveDoubt(rentalId: string): Promise<void> {
    if (!this.service.hasLooked) return;
    this.service.hasLooked = false;
    this.#aheadMs += DOUBT_OVER_MS;
    // In one move: half a file would read as no time at all.
    await writeFile(`${this.#clock}.new`, String(this.#aheadMs));
    await rename(`${this.#clock}.new`, this.#clock);
    await this.fake.clock.advance(DOUBT_OVER_MS);
    await sleep(200);
    // What is wanted already changes nothing, and makes the keeper look.
    await this.#ask('POST', `/api/v1/rentals/${rentalId}/goal`, { goal: 'running' });
  }
}

/** Sent, and not there though all that was asked for is in the lists by now. */
function isInDoubt({ tries }: RentalView, fake: FakeVast): boolean {
  return tries.at(-1)?.state === 'asking' && fake.world.living().length === 0;
}

describe.skipIf(!canRunContainers).concurrent('A dashboard that is killed at every request of a rental', () => {
  it.each(PLAYED)(
    `rents once, gives back, and proves it, when it dies %s each of them (seed ${SEED})`,
    async (moment, isDeadly) => {
      const journey = await DeadlyJourney.open(moment, isDeadly);
      try {
        const { rental, events, job } = await journey.live();
        const { fake, service } = journey;
        process.stdout.write(`killed ${moment}:\n  ${service.deaths.join('\n  ')}\n`);
        const machines = [...fake.world.instances.values()];
        expect(machines.map(({ destroyedAtMs }) => destroyedAtMs === null)).toEqual([false]);
        expect(service.mostPresent).toBe(1);
        expect(rental).toMatchObject({ state: 'ended', failure: null, alarm: null });
        expect(rental.tries.filter(({ serviceId }) => serviceId !== null)).toHaveLength(1);
        expect(events.at(-1)?.text).toMatch(/^Billing ended at .*, proven/);
        expect(events.some(({ text }) => text.includes('answers by SSH'))).toBe(true);
        expect(job.status).toBe('canceled');
        expect(fake.violations).toEqual([]);
        const diedOf = service.deaths.map((death) => death.replace(/ \+\d+ ms$/, ''));
        expect(diedOf).toEqual(expect.arrayContaining(EVERY_REQUEST.filter(isDeadly)));
      } finally {
        await journey.close();
      }
    },
    2 * LIMIT_MS,
  );
});
