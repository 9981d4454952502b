import { createServer } from 'node:net';
import path from 'node:path';
import { freePort } from '../free-port';
import type { FakeAccount } from './fake-accounts';
import { billTraffic } from './fake-billing';
import { type ContainerAddress, startStranger } from './fake-container';
import { findFakeImage } from './fake-images';
import { type FakeCreateBody, FakeInstance } from './fake-instance';
import type { FakeOffer } from './fake-offers';
import type { FakeWorld } from './fake-world';

/** Packed bytes in a second: one thread and a disk. */
const UNPACK_BYTES_PER_SECOND = 50_000_000;
/** What a machine gets of the line that it says it has. */
const LINE_SHARE = 0.7;
const LOADING_TEXT = 'a3ed95caeb02: Pulling fs layer';
const TAKEN_TEXT = 'Required resources are currently unavailable, state change queued.';

/** Rents an offer: the instance begins its way up, and pays for its disk from the first second. */
export function createInstance(
  world: FakeWorld,
  offer: FakeOffer,
  body: FakeCreateBody,
  account: FakeAccount = world.account(),
): FakeInstance {
  world.nextId += 1 + Math.floor(world.random() * 9);
  const scenario = world.scenarios.shift() ?? 'good';
  const rental = { createdAtMs: world.nowMs(), scenario, accountId: account.id };
  const instance = new FakeInstance(world.nextId, offer, body, rental);
  instance.publicIp = newAddress(world);
  offer.rented = true;
  world.instances.set(instance.id, instance);
  for (const key of account.keys) instance.attachedKeys.push(key);
  if (scenario === 'never-appears') {
    instance.isHidden = true;
    instance.destroyedAtMs = world.nowMs();
    offer.rented = false;
    return instance;
  }
  if (scenario === 'created-stopped') {
    Object.assign(instance, { intended: 'stopped', current: 'stopped', next: 'stopped' });
    return instance;
  }
  const { provisionMs } = world.timeline;
  world.after(instance, provisionMs, () => {
    instance.actual = 'created';
    world.after(instance, provisionMs, () => load(world, instance));
  });
  return instance;
}

/** Addresses of the loopback network are as many as there are machines; elsewhere there is one. */
function newAddress(world: FakeWorld): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  const part = () => 1 + Math.floor(world.random() * 250);
  return `127.77.${part()}.${part()}`;
}

function load(world: FakeWorld, instance: FakeInstance): void {
  instance.actual = 'loading';
  instance.statusText = LOADING_TEXT;
  const image = findFakeImage(instance.image);
  const { machine_id, inet_down } = instance.offer;
  const bytes = image ? world.layers.missingBytes(machine_id, image) : 0;
  const pullMs = (8 * bytes) / 1000 / Math.max(1, LINE_SHARE * inet_down) + (1000 * bytes) / UNPACK_BYTES_PER_SECOND;
  const isMissing = image === null || instance.scenario === 'image-missing';
  const ends: Partial<Record<FakeInstance['scenario'], () => void>> = {
    'disk-full': () => {
      instance.statusText = 'failed to register layer: write /usr/lib/x: no space left on device';
    },
    'loads-forever': () => {},
    exits: () => {
      instance.actual = 'exited';
    },
  };
  world.after(instance, isMissing ? world.timeline.loadMs : world.timeline.loadMs + pullMs, async () => {
    if (isMissing) {
      instance.statusText = `Error response from daemon: manifest for ${instance.image} not found: manifest unknown`;
      return;
    }
    billTraffic(world, instance, bytes, 0);
    world.layers.keep(machine_id, image);
    const end = ends[instance.scenario];
    if (end) return end();
    await run(world, instance);
  });
}

/** The container runs; its ports, its sshd and its keys come one after the other. */
async function run(world: FakeWorld, instance: FakeInstance): Promise<void> {
  const { portsMs, sshMs, keysMs } = world.timeline;
  instance.actual = 'running';
  instance.statusText = `success, running ${instance.image.replaceAll(/[:/]/g, '_')}`;
  instance.hostPort = await freePort(instance.publicIp);
  if (instance.proxyPort === 0) instance.proxyPort = await freePort();
  const address = { ip: instance.publicIp, port: instance.hostPort, proxyPort: instance.proxyPort };
  world.after(instance, portsMs, () => {
    instance.arePortsShown = true;
  });
  if (instance.scenario === 'goes-offline') {
    world.after(instance, 2 * portsMs, () => loseHost(world, instance));
    return;
  }
  if (instance.scenario === 'falls-silent') {
    world.after(instance, 2 * portsMs, () => fallSilent(world, instance));
    return;
  }
  if (!world.hasSsh) return;
  if (instance.scenario === 'blackholed') {
    await openBlackHole(world, instance, address);
    return;
  }
  const isFirst = instance.container === null;
  const container = instance.container ?? world.newContainer(instance);
  instance.container = container;
  if (isFirst) {
    await container.create(instance.onstart, world.cores);
    await container.addKeys(instance.attachedKeys.map(({ publicKey }) => publicKey));
  }
  await container.boot(address, containerEnvironment(instance));
  world.after(instance, sshMs, async () => {
    await container.listen(address);
    if (instance.scenario === 'key-never-accepted') return;
    world.after(instance, keysMs, () => container.acceptKeys());
  });
}

function containerEnvironment(instance: FakeInstance): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(instance.env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name))),
    CONTAINER_ID: String(instance.id),
    CONTAINER_API_KEY: instance.apiKey,
    VAST_CONTAINERLABEL: `C.${instance.id}`,
    PUBLIC_IPADDR: instance.publicIp,
    VAST_TCP_PORT_22: String(instance.hostPort),
    GPU_COUNT: String(instance.offer.num_gpus),
  };
}

/** Takes connections and never says a word. */
async function openBlackHole(world: FakeWorld, instance: FakeInstance, address: ContainerAddress): Promise<void> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(address.port, address.ip, resolve));
  world.blackHoles.set(instance.id, server);
}

export function stopInstance(world: FakeWorld, instance: FakeInstance): void {
  instance.intended = 'stopped';
  instance.next = 'stopped';
  instance.isQueued = false;
  if (instance.current === 'stopped') return;
  world.forget(instance);
  world.after(instance, world.timeline.stopMs, async () => {
    const oldPort = instance.hostPort;
    await halt(world, instance);
    instance.actual = 'exited';
    instance.current = 'stopped';
    if (world.givesPortsAway && world.hasSsh && oldPort !== null) {
      const folder = path.join(world.folder, `stranger-${instance.id}-${oldPort}`);
      world.strangers.push(await startStranger(folder, instance.publicIp, oldPort));
    }
  });
}

async function halt(world: FakeWorld, instance: FakeInstance): Promise<void> {
  instance.arePortsShown = false;
  instance.hostPort = null;
  world.blackHoles.get(instance.id)?.close();
  world.blackHoles.delete(instance.id);
  await instance.container?.stop();
}

/** Starts a stopped one, or queues it while its GPU is somebody else's. The text says so, null when it starts. */
export function startInstance(world: FakeWorld, instance: FakeInstance): string | null {
  instance.intended = 'running';
  instance.next = 'running';
  if (instance.current !== 'stopped' || instance.isQueued) return null;
  if (instance.isGpuTaken) {
    instance.isQueued = true;
    return TAKEN_TEXT;
  }
  begin(world, instance);
  return null;
}

/** Its GPU is free again: a queued start happens now, whoever still wants it. */
export function freeGpu(world: FakeWorld, instance: FakeInstance): void {
  instance.isGpuTaken = false;
  if (instance.isQueued) begin(world, instance);
}

function begin(world: FakeWorld, instance: FakeInstance): void {
  instance.isQueued = false;
  instance.current = 'running';
  if (world.movesOnStart) instance.publicIp = newAddress(world);
  // The old `exited` stays for a while.
  world.after(instance, world.timeline.staleMs, () => run(world, instance));
}

export function rebootInstance(world: FakeWorld, instance: FakeInstance): void {
  if (instance.current === 'stopped') return;
  world.forget(instance);
  instance.actual = 'rebooting';
  world.after(instance, 0, () => halt(world, instance));
  world.after(instance, world.timeline.rebootMs, () => run(world, instance));
}

/** In two steps: accepted at once, gone a little later, out of the lists later still. */
export function destroyInstance(world: FakeWorld, instance: FakeInstance): void {
  if (instance.isDestroying) return;
  instance.isDestroying = true;
  world.forget(instance);
  world.after(instance, world.timeline.destroyMs, () => takeAway(world, instance));
}

/** It is no more, with everything that was on it: given back, or taken away by its host without a word. */
export async function takeAway(world: FakeWorld, instance: FakeInstance): Promise<void> {
  world.forget(instance);
  await halt(world, instance);
  instance.destroyedAtMs = world.nowMs();
  instance.offer.rented = false;
}

/** The machine leaves the network with everything on it. */
export async function loseHost(world: FakeWorld, instance: FakeInstance): Promise<void> {
  world.forget(instance);
  await halt(world, instance);
  instance.actual = 'offline';
}

/** Its host tells nothing of it any more, and nobody knows why: it may run, or not. */
function fallSilent(world: FakeWorld, instance: FakeInstance): void {
  world.forget(instance);
  instance.actual = 'unknown';
}

/** It comes back: as after a reboot. */
export function findHost(world: FakeWorld, instance: FakeInstance): void {
  world.after(instance, 0, () => run(world, instance));
}

/** The container ends by itself. */
export async function endContainer(world: FakeWorld, instance: FakeInstance): Promise<void> {
  world.forget(instance);
  await halt(world, instance);
  instance.actual = 'exited';
}
