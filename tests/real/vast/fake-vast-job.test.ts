import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tinyCheckpoint } from '../../support/dashboard-checkpoint';
import { codeOf } from '../../support/failure-of';
import { fakeVastMachines, UP_MS } from '../../support/fake-vast-machine';
import { cachedPath } from '../../support/installed-toolchain';

const FOREVER = new AbortController().signal;
const { rent, connect } = fakeVastMachines();

it('a rented machine of the fake converts and quantizes with llama.cpp, and is gone once it is given back', async () => {
  const checkpoint = await tinyCheckpoint();
  const toolchain = JSON.parse(
    await readFile(path.join(cachedPath('toolchains', 'v0.5.0') ?? '', 'toolchain.json'), 'utf8'),
  ) as { paths: Record<'python' | 'convertScript' | 'binDir', string> };
  const { python, convertScript, binDir } = toolchain.paths;
  const rented = await rent();
  await rented.fake.clock.advance(UP_MS);
  const session = await connect(rented);
  const attemptId = randomUUID();
  const script = `set -e
cd ~
"${python}" "${convertScript}" "${checkpoint}" --outfile base.gguf --outtype f16
"${binDir}/llama-quantize" base.gguf small.gguf Q4_0 2
head -c 4 small.gguf; echo; stat -c %s small.gguf`;
  await session.startAttempt({ attemptId, script, environment: {} });
  let log = '';
  const keep = (chunk: Uint8Array) => {
    log += Buffer.from(chunk).toString();
  };
  const status = await session.followAttempt(attemptId, 0, keep, FOREVER);
  expect(status, log.slice(-2000)).toMatchObject({ state: 'exited', exitCode: 0 });
  const sizeBytes = Number(/GGUF\n(\d{7,9})\n$/.exec(log)?.[1]);
  expect(await session.stat(`${session.homeFolder}/small.gguf`)).toMatchObject({ sizeBytes });
  await rented.vast.destroy(rented.id);
  await rented.fake.clock.advance(10_000);
  expect(await rented.vast.isGone(rented.id)).toBe(true);
  expect(await codeOf(session.exec('true'))).toBe('host-lost');
});
