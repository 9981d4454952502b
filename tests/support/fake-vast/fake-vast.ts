import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FULL_KEY } from './fake-accounts';
import { billTraffic } from './fake-billing';
import { FakeClock } from './fake-clock';
import { canRunContainers } from './fake-container';
import { FakeFaults } from './fake-faults';
import { type FakeHttpParts, type FakeRequest, listenHttp, urlOf } from './fake-http';
import { findFakeImage } from './fake-images';
import type { FakeInstance, FakeScenario } from './fake-instance';
import { endContainer, findHost, freeGpu, loseHost, takeAway } from './fake-life';
import { makeOffers } from './fake-offers';
import { FakeRateLimiter } from './fake-rate-limit';
import { DEFAULT_TIMELINE, type FakeTimeline, FakeWorld } from './fake-world';

export interface FakeVastOptions {
  readonly port?: number;
  readonly seed?: number;
  readonly offerCount?: number;
  readonly creditUsd?: number;
  /** How many times faster than ours its time runs; 0 (the default) lets it stand until it is moved. */
  readonly speed?: number;
  readonly timeline?: Partial<FakeTimeline>;
  /** Instances are real SSH servers; without, they only look like some. */
  readonly ssh?: boolean;
}

/** What tests may do to the fake beside talking to its API. */
export interface FakeVast {
  readonly url: string;
  readonly key: string;
  readonly clock: FakeClock;
  readonly world: FakeWorld;
  readonly faults: FakeFaults;
  readonly limiter: FakeRateLimiter;
  readonly requests: readonly FakeRequest[];
  readonly violations: readonly string[];
  /** How the next rented machines behave, one each. */
  expect(...scenarios: FakeScenario[]): void;
  instance(id: number | string): FakeInstance;
  loseHost(id: number | string): Promise<void>;
  findHost(id: number | string): Promise<void>;
  endContainer(id: number | string): Promise<void>;
  /** Its host takes the whole machine away, and every answer forgets it. */
  takeAway(id: number | string): Promise<void>;
  takeGpu(id: number | string): void;
  freeGpu(id: number | string): Promise<void>;
  /** A machine of the market holds an image already, or its lowest layers. */
  keepImage(machineId: number, reference: string, mostLayers?: number): void;
  addTraffic(id: number | string, downBytes: number, upBytes: number): void;
  close(): Promise<void>;
}

const TICK_MS = 20;

/**
 * A vast.ai on loopback, with a market, money, a clock of its own and machines that are real SSH servers. It behaves as
 * the real one was seen to, its mistakes included, and does nothing that was not seen.
 */
export async function startFakeVast(options: FakeVastOptions = {}): Promise<FakeVast> {
  if (options.ssh && !canRunContainers) throw new Error('openssh-server is not on this machine');
  const folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-vast-'));
  const clock = new FakeClock(Date.now(), options.speed ?? 0);
  const seed = options.seed ?? 1;
  const world = new FakeWorld({
    clock,
    folder,
    seed,
    offers: makeOffers(seed, options.offerCount ?? 150, clock.nowMs()),
    timeline: { ...DEFAULT_TIMELINE, ...options.timeline },
    hasSsh: options.ssh ?? false,
    creditUsd: options.creditUsd ?? 20,
  });
  await world.writeAccountKeys();
  const parts: FakeHttpParts = {
    world,
    limiter: new FakeRateLimiter(),
    faults: new FakeFaults(),
    requests: [],
    violations: [],
  };
  const { api, logs } = await listenHttp(parts, options.port ?? 0);
  const ticking = setInterval(() => void (clock.speed > 0 && world.settle()), TICK_MS);
  return {
    url: urlOf(api),
    key: FULL_KEY,
    clock,
    ...parts,
    ...handles(world),
    close: async () => {
      clearInterval(ticking);
      await Promise.all([api, logs].map(closeServer));
      await world.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

type Handles = Omit<
  FakeVast,
  'url' | 'key' | 'clock' | 'world' | 'faults' | 'limiter' | 'requests' | 'violations' | 'close'
>;

function handles(world: FakeWorld): Handles {
  const find = (id: number | string): FakeInstance => {
    const instance = world.instances.get(Number(id));
    if (!instance) throw new Error(`the fake has no instance ${id}`);
    return instance;
  };
  return {
    expect: (...scenarios) => void world.scenarios.push(...scenarios),
    instance: find,
    loseHost: (id) => loseHost(world, find(id)),
    findHost: (id) => {
      findHost(world, find(id));
      return world.settle();
    },
    endContainer: (id) => endContainer(world, find(id)),
    takeAway: (id) => takeAway(world, find(id)),
    takeGpu: (id) => {
      find(id).isGpuTaken = true;
    },
    freeGpu: (id) => {
      freeGpu(world, find(id));
      return world.settle();
    },
    keepImage: (machineId, reference, mostLayers) => {
      const image = findFakeImage(reference);
      if (!image) throw new Error(`no registry has ${reference}`);
      world.layers.keep(machineId, image, mostLayers);
    },
    addTraffic: (id, downBytes, upBytes) => billTraffic(world, find(id), downBytes, upBytes),
  };
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
