import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import path from 'node:path';
import { seededRandom } from '../seeded-random';
import { type FakeAccount, FIRST_ACCOUNT_ID, newFakeAccount, OTHER_ACCOUNT_ID } from './fake-accounts';
import { billUntil } from './fake-billing';
import type { FakeClock } from './fake-clock';
import { type ContainerCores, FakeContainer } from './fake-container';
import { INSTALLED_TOOLCHAIN } from './fake-image-content';
import { FakeLayerStore, findFakeImage } from './fake-images';
import type { FakeInstance, FakeScenario } from './fake-instance';
import type { FakeOffer } from './fake-offers';

/** Times of a rented machine's life, in the fake's time. */
export interface FakeTimeline {
  readonly provisionMs: number;
  /** How long an image takes to load, beside its bytes. */
  readonly loadMs: number;
  /** Running already, ports not known yet. */
  readonly portsMs: number;
  /** Running already, sshd refuses connections. */
  readonly sshMs: number;
  /** sshd answers, and knows no key yet. */
  readonly keysMs: number;
  readonly stopMs: number;
  /** After a start the old `exited` is still told. */
  readonly staleMs: number;
  readonly rebootMs: number;
  /** Between the answer to a destroy and its end. */
  readonly destroyMs: number;
}

export const DEFAULT_TIMELINE: FakeTimeline = {
  provisionMs: 2000,
  loadMs: 20_000,
  portsMs: 2000,
  sshMs: 20_000,
  keysMs: 10_000,
  stopMs: 5000,
  staleMs: 8000,
  rebootMs: 6000,
  destroyMs: 4000,
};

interface Event {
  readonly atMs: number;
  readonly instance: FakeInstance;
  readonly apply: () => void | Promise<void>;
  isCanceled: boolean;
}

/** Everything that the fake is at one moment. Routes read and change it; time moves it. */
export class FakeWorld {
  readonly clock: FakeClock;
  readonly offers: FakeOffer[];
  readonly timeline: FakeTimeline;
  readonly folder: string;
  readonly hasSsh: boolean;
  readonly instances = new Map<number, FakeInstance>();
  readonly accounts: readonly FakeAccount[];
  /** How the next rented machines behave; `good` when it is empty. */
  readonly scenarios: FakeScenario[] = [];
  /** A folder as the toolchain step leaves it: what the image with llama.cpp is made of. */
  toolchain = INSTALLED_TOOLCHAIN;
  readonly layers = new FakeLayerStore();
  readonly strangers: FakeContainer[] = [];
  readonly blackHoles = new Map<number, Server>();
  billedUntilMs: number;
  /** A filter that searches take and do not apply. */
  ignoredFilter: string | null = null;
  /** Whether an instance that is asked for by its id has its ports with it. */
  hasPortsById = true;
  /** Whether a stopped machine comes back at another address. */
  movesOnStart = false;
  /** Whether somebody else gets the old port of a stopped machine. */
  givesPortsAway = false;
  /** What machines show and may use, where that differs; null when they show what is true. */
  cores: ContainerCores | null = null;
  nextId = 33_400_000;
  nextKeyId = 60_000;
  /** How often each log was asked for. */
  readonly logPolls = new Map<string, number>();
  readonly random: () => number;
  #events: Event[] = [];
  #atMs: number | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: {
    clock: FakeClock;
    offers: FakeOffer[];
    timeline: FakeTimeline;
    folder: string;
    hasSsh: boolean;
    creditUsd: number;
    seed: number;
  }) {
    this.clock = parts.clock;
    this.offers = parts.offers;
    this.timeline = parts.timeline;
    this.folder = parts.folder;
    this.hasSsh = parts.hasSsh;
    this.accounts = [
      newFakeAccount(FIRST_ACCOUNT_ID, 'tester@example.com', parts.creditUsd),
      newFakeAccount(OTHER_ACCOUNT_ID, 'other@example.com', parts.creditUsd),
    ];
    this.random = seededRandom(parts.seed);
    this.billedUntilMs = parts.clock.nowMs();
    parts.clock.onMove(() => this.settle());
  }

  /** The one of an id; without, the first, which most keys belong to. */
  account(id: number = FIRST_ACCOUNT_ID): FakeAccount {
    const found = this.accounts.find((each) => each.id === id);
    if (!found) throw new Error(`the fake has no account ${id}`);
    return found;
  }

  /** Those that exist, whether lists show them or not. */
  living(): FakeInstance[] {
    return [...this.instances.values()].filter((instance) => instance.destroyedAtMs === null);
  }

  /** The moment of what is happening, which may be a while ago when time was moved by more. */
  nowMs(): number {
    return this.#atMs ?? this.clock.nowMs();
  }

  after(instance: FakeInstance, delayMs: number, apply: Event['apply']): void {
    this.#events.push({ atMs: this.nowMs() + delayMs, instance, apply, isCanceled: false });
  }

  /** What was about to happen to it does not. */
  forget(instance: FakeInstance): void {
    for (const event of this.#events) if (event.instance === instance) event.isCanceled = true;
  }

  /** Lets everything happen that is due, in its order, and bills the time. */
  settle(): Promise<void> {
    this.#work = this.#work.then(() => this.#settle());
    return this.#work;
  }

  async #settle(): Promise<void> {
    for (;;) {
      const nowMs = this.clock.nowMs();
      this.#events = this.#events.filter((event) => !event.isCanceled);
      const due = this.#events.filter((event) => event.atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)[0];
      billUntil(this, due?.atMs ?? nowMs);
      if (!due) return;
      due.isCanceled = true;
      this.#atMs = due.atMs;
      await due.apply();
      this.#atMs = null;
    }
  }

  newContainer(instance: FakeInstance): FakeContainer {
    const toolchain = findFakeImage(instance.image)?.hasLlamaCpp ? this.toolchain : null;
    const folder = path.join(this.folder, String(instance.id));
    return new FakeContainer(folder, this.#keysFile(instance.accountId), toolchain);
  }

  #keysFile(accountId: number): string {
    return path.join(this.folder, `account_keys_${accountId}`);
  }

  /** The proxy lets in whoever has a key of the account. */
  async writeAccountKeys(): Promise<void> {
    for (const { id, keys } of this.accounts) {
      await writeFile(this.#keysFile(id), keys.map(({ publicKey }) => `${publicKey}\n`).join(''));
    }
  }

  async close(): Promise<void> {
    await this.#work;
    this.#events = [];
    for (const server of this.blackHoles.values()) server.close();
    const containers = [...this.instances.values()].flatMap(({ container }) => container ?? []);
    await Promise.all([...containers, ...this.strangers].map((container) => container.stop()));
  }
}
