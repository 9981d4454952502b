// Every image that a machine can be rented with, on the fake: loading and starting on its clock, for a slow and a fast line,
// on machines that hold nothing of the image and on such that hold all of it; the toolchain step really run on the fake's
// machines, once on a bare one, where it installs everything from the package registries of this machine, and once on
// llama.cpp's image, made of what came of that; how much longer its downloads take on a slower line is added by reckoning.
// Beside it what is reckoned, by which images are chosen.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { chooseImage, estimateReady, readyMs } from '../../lib/domain/choose-image';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { RENTAL_IMAGE_NAMES, RENTAL_IMAGES, type RentalImageName } from '../../lib/domain/rental-image';
import { openHostSession } from '../../lib/ssh/host-session';
import { createKeyPair } from '../../lib/ssh/keys';
import { parsePrepareOutcome, prepareEnvironment, readPrepareScript } from '../../lib/toolchain/prepare-script';
import { type FakeVast, startFakeVast } from '../support/fake-vast/fake-vast';
import { rentOn } from '../support/rent-on-line';
import { exampleOffer } from '../support/rental-examples';
import { providerOn } from '../support/vast-on-fake';
import { recordOutcome, rounded } from './bench-record';

const LINES = [100, 1000] as const;
const SCRIPT = path.resolve(import.meta.dirname, '../../lib/toolchain/host/prepare-toolchain.sh');
const GOAL =
  'the image chosen for a line is the one that was ready first on a machine without any, and within 1.5 times of its reckoning';
const MOST_OFF = 1.5;
const FOREVER = new AbortController().signal;
const KEY = createKeyPair('bench');

interface Machine {
  readonly id: number;
  readonly loadMs: number;
  readonly startMs: number;
}

interface Row {
  readonly line: number;
  readonly image: RentalImageName;
  readonly isHeld: boolean;
  readonly loadMs: number;
  readonly startMs: number;
  readonly setUpMs: number;
  readonly totalMs: number;
  readonly reckoned: number;
}

/** Rents and waits until SSH lets us in; both times on the fake's clock. */
async function bringUp(fake: FakeVast, image: RentalImageName, line: number, isHeld: boolean): Promise<Machine> {
  const { reference } = RENTAL_IMAGES[image];
  const { id, loadMs } = await rentOn(fake, reference, line, {
    publicKey: KEY.publicKey,
    ...(isHeld ? { holds: reference } : {}),
  });
  const ranAtMs = fake.clock.nowMs();
  while (!(await isOpen(fake, id))) await fake.clock.advance(1000);
  return { id, loadMs, startMs: fake.clock.nowMs() - ranAtMs };
}

async function isOpen(fake: FakeVast, id: number): Promise<boolean> {
  try {
    (await connect(fake, id)).close();
    return true;
  } catch {
    return false;
  }
}

async function connect(fake: FakeVast, id: number) {
  const { arePortsShown, publicIp, hostPort } = fake.instance(id);
  if (!arePortsShown || hostPort === null) throw new Error('no address yet');
  const auth = { kind: 'key', privateKey: KEY.privateKey } as const;
  return openHostSession(
    { instanceId: String(id), host: publicIp, port: hostPort, user: 'root', auth },
    { pinned: null },
  );
}

/** Runs the toolchain step, which must end well; in our time. */
async function prepare(fake: FakeVast, id: number): Promise<{ ms: number; origin: string; folder: string }> {
  const session = await connect(fake, id);
  try {
    const attemptId = randomUUID();
    // pip there is set up as on the machine that plays the fake.
    const pip = Object.entries(process.env).filter((entry): entry is [string, string] => /^PIP_/.test(entry[0]));
    const environment = { ...Object.fromEntries(pip), ...prepareEnvironment({ connectTimeoutSeconds: 2 }) };
    const startedMs = performance.now();
    await session.startAttempt({ attemptId, script: await readPrepareScript(SCRIPT), environment });
    let log = '';
    const keep = (chunk: Uint8Array) => {
      log += Buffer.from(chunk).toString();
    };
    await session.followAttempt(attemptId, 0, keep, FOREVER);
    const ms = performance.now() - startedMs;
    const outcome = parsePrepareOutcome(log);
    if (outcome?.kind !== 'ready') throw new Error(log.slice(-4000));
    const folder = path.join(fake.instance(id).container?.homeFolder ?? '', '.quantdeck', 'toolchains', 'v0.5.0');
    return { ms, origin: outcome.manifest.origin, folder };
  } finally {
    session.close();
  }
}

/** The step was run on this machine's line: how much longer its downloads take on another is reckoned. */
function downloadMs(image: RentalImageName, line: number): number {
  const [slow, fast] = [line, 10_000].map((megabits) =>
    estimateReady(image, exampleOffer({ downBitsPerSecond: megabits * 1e6 }), DEFAULT_CALIBRATION),
  );
  return (slow?.setUpMs ?? 0) - (fast?.setUpMs ?? 0);
}

const fake = await startFakeVast({ ssh: true });
const say = (words: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${words}`);
try {
  say('the first machine is rented');
  const bare = await prepare(fake, (await bringUp(fake, 'ubuntu', 1000, true)).id);
  say(`installed in ${rounded(bare.ms / 1000)} s`);
  fake.world.toolchain = bare.folder;
  const own = await prepare(fake, (await bringUp(fake, 'llama-cpp-full', 1000, true)).id);
  say(`proven in ${rounded(own.ms / 1000)} s`);
  if (own.origin !== 'image') throw new Error(`llama.cpp of its image was not used but ${own.origin}`);
  const rows: Row[] = [];
  for (const line of LINES) {
    const offer = exampleOffer({ downBitsPerSecond: line * 1e6 });
    for (const image of RENTAL_IMAGE_NAMES) {
      for (const isHeld of [false, true]) {
        const { id, loadMs, startMs } = await bringUp(fake, image, line, isHeld);
        const setUpMs = (RENTAL_IMAGES[image].hasToolchain ? own.ms : bare.ms) + downloadMs(image, line);
        const reckoned = readyMs(estimateReady(image, offer, DEFAULT_CALIBRATION));
        rows.push({ line, image, isHeld, loadMs, startMs, setUpMs, totalMs: loadMs + startMs + setUpMs, reckoned });
        await providerOn(fake).destroy(String(id));
        await fake.clock.advance(10_000);
      }
    }
  }
  console.table(
    rows.map(({ line, image, isHeld, loadMs, startMs, setUpMs, totalMs, reckoned }) => ({
      'line, Mbit/s': line,
      image,
      machine: isHeld ? 'holds it' : 'cold',
      'load, s': rounded(loadMs / 1000),
      'start to SSH, s': rounded(startMs / 1000),
      'toolchain, s': rounded(setUpMs / 1000),
      'ready, s': rounded(totalMs / 1000),
      'reckoned, s': rounded(reckoned / 1000),
    })),
  );
  const picks = LINES.map((line) => {
    const { image } = chooseImage(exampleOffer({ downBitsPerSecond: line * 1e6 }), DEFAULT_CALIBRATION);
    const cold = rows.filter((row) => row.line === line && !row.isHeld).sort((a, b) => a.totalMs - b.totalMs);
    const [first] = cold;
    if (!first) throw new Error('nothing was measured');
    const off = Math.max(first.reckoned / first.totalMs, first.totalMs / first.reckoned);
    const others = cold.map((row) => `${row.image} ${rounded(row.totalMs / 1000)}`).join(', ');
    return { line, image, isFirst: first.image === image, off, words: `${line} Mbit/s: ${others} s, chosen ${image}` };
  });
  await recordOutcome({
    name: 'rental-image',
    goal: GOAL,
    isMet: picks.every(({ isFirst, off }) => isFirst && off <= MOST_OFF),
    summary: `from the order until llama.cpp is ready, machines without any of the image, ${picks.map(({ words }) => words).join('; ')}; toolchain step ${rounded(bare.ms / 1000)} s installing (${bare.origin}), ${rounded(own.ms / 1000, 1)} s proving llama.cpp's image`,
    data: { bare: bare.ms, own: own.ms, rows, picks },
  });
} finally {
  await fake.close();
}
