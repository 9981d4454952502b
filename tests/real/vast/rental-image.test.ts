import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RENTAL_IMAGES } from '../../../lib/domain/rental-image';
import { prepareToolchain } from '../../../lib/launch/prepare-toolchain.mjs';
import { parsePrepareOutcome, prepareEnvironment, readPrepareScript } from '../../../lib/toolchain/prepare-script';
import { fakeVastMachines, type RentedMachine, UP_MS } from '../../support/fake-vast-machine';

const SCRIPT = path.resolve(import.meta.dirname, '../../../lib/toolchain/host/prepare-toolchain.sh');
const FOREVER = new AbortController().signal;
const { rent, connect } = fakeVastMachines();

/** Whether the toolchain of this machine, which the image is made of, is from after sentencepiece was held back. */
let isSound = false;
beforeAll(async () => {
  const { python } = await prepareToolchain();
  const load = 'from sentencepiece import sentencepiece_model_pb2';
  isSound = spawnSync(python, ['-c', load], { stdio: 'ignore' }).status === 0;
});

/** Runs the toolchain step as a job does, without a network to install from. */
async function prepare(rented: RentedMachine): Promise<string> {
  await rented.fake.clock.advance(UP_MS);
  const session = await connect(rented);
  const attemptId = randomUUID();
  const environment = prepareEnvironment({ ways: ['finished', 'image'] });
  await session.startAttempt({ attemptId, script: await readPrepareScript(SCRIPT), environment });
  let log = '';
  const keep = (chunk: Uint8Array) => {
    log += Buffer.from(chunk).toString();
  };
  await session.followAttempt(attemptId, 0, keep, FOREVER);
  return log;
}

describe('the toolchain step on a rented machine', () => {
  it('finds llama.cpp in its own image, proves it, and downloads nothing where that is like ours', async () => {
    const rented = await rent({}, { image: RENTAL_IMAGES['llama-cpp-full'].reference });
    const log = await prepare(rented);
    if (!isSound)
      return expect(log).toContain("Way 'image' is not used: the sentencepiece of this image needs another");
    const outcome = parsePrepareOutcome(log);
    if (outcome?.kind !== 'ready') throw new Error(log);
    const app = path.join(rented.fake.instance(rented.id).container?.homeFolder ?? '', '..', 'app');
    expect(outcome.manifest).toMatchObject({ origin: 'image', version: 'v0.5.0', paths: { binDir: app } });
    expect(log).not.toContain('Free disk at');
  });

  it('finds none in a bare image, nor in one of the service', async () => {
    for (const name of ['ubuntu', 'vast-base'] as const) {
      const rented = await rent({ timeline: { loadMs: 0 } }, { image: RENTAL_IMAGES[name].reference });
      if (name === 'vast-base') await rented.fake.clock.advance(UP_MS);
      const log = await prepare(rented);
      expect(parsePrepareOutcome(log)?.kind, log).toBe('failed');
      expect(log).toContain("Way 'image' is not used: this is not a llama.cpp image");
      expect(existsSync(path.join(rented.fake.instance(rented.id).container?.homeFolder ?? '', '..', 'app'))).toBe(
        false,
      );
    }
  });
});
