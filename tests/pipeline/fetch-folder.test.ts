import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostSession } from '../../lib/pipeline/host-port';
import type { FetchedSource, StepContext } from '../../lib/pipeline/step-context';
import { fetchModel } from '../../lib/pipeline/steps/fetch-model';
import { openHostSession } from '../../lib/ssh/host-session';
import { fetchContext } from '../support/fetch-context';
import { type EmbeddedHost, startEmbeddedHost } from '../support/ssh-embedded-host';
import { makeTempFolder } from '../support/ssh-temp-folder';

const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
const SHARD_BYTES = 300_000;

let host: EmbeddedHost;
let session: HostSession;
let here: { folder: string; remove: () => Promise<void> };
beforeAll(async () => {
  host = await startEmbeddedHost();
  session = await openHostSession(host.endpoint, { pinned: host.fingerprint, onFirstContact: async () => undefined });
  here = await makeTempFolder('here');
});
afterAll(async () => {
  session.close();
  await host.stop();
  await here.remove();
});

let folder: string;
let sentBytes: number;
/** Called with the bytes of the running upload; may end it by throwing. */
let onSent: (bytes: number) => void | Promise<void>;
beforeEach(async () => {
  folder = path.join(here.folder, randomBytes(4).toString('hex'));
  await mkdir(folder);
  await writeFile(path.join(folder, 'config.json'), '{}');
  await writeFile(path.join(folder, 'chat_template.jinja'), '');
  for (const shard of SHARDS) await writeFile(path.join(folder, shard), randomBytes(SHARD_BYTES));
  sentBytes = 0;
  onSent = () => undefined;
});

function contextNow(over: Partial<HostSession> = {}): StepContext {
  const counting = new Proxy(session, {
    get: (target, name: keyof HostSession) => {
      if (over[name] !== undefined) return over[name];
      if (name === 'upload') {
        return (to: string, offset: number, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal) =>
          target.upload(to, offset, counted(chunks), signal);
      }
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return fetchContext({ source: { kind: 'folder', location: 'dashboard', path: folder }, session: () => counting });
}

async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += 50_000) {
      const piece = chunk.subarray(at, at + 50_000);
      sentBytes += piece.length;
      yield piece;
      await onSent(sentBytes);
    }
  }
}

/** What the step does, once: looks, works when it has to, looks again. */
async function fetchOnce(context = contextNow()): Promise<FetchedSource> {
  const before = await fetchModel.check(context, 'before');
  if (before.done) return before.result as FetchedSource;
  const plan = await fetchModel.plan(context);
  if (plan.kind !== 'local') throw new Error(`planned as ${plan.kind}`);
  await plan.run(context.signal);
  const after = await fetchModel.check(context, 'after');
  if (!after.done) throw new Error(after.failure?.message);
  return after.result as FetchedSource;
}

async function expectSame(source: FetchedSource): Promise<void> {
  expect([...source.files].sort()).toEqual((await readdir(folder)).sort());
  for (const name of source.files) {
    const [there, mine] = await Promise.all([source.folder, folder].map((one) => readFile(path.join(one, name))));
    expect(there?.equals(mine as Buffer)).toBe(true);
  }
}

describe("a folder of the dashboard's machine", () => {
  it('is copied once, and again what changed: also at the same size and time, and without what is gone', async () => {
    const first = await fetchOnce();
    await expectSame(first);
    const whole = sentBytes;
    expect(whole).toBe(2 * SHARD_BYTES + 2);
    expect(await fetchOnce()).toEqual(first);
    expect(sentBytes).toBe(whole);

    const shard = path.join(folder, SHARDS[1]);
    const weights = await readFile(shard);
    weights[SHARD_BYTES / 2] = (weights[SHARD_BYTES / 2] ?? 0) ^ 1;
    await writeFile(shard, weights);
    await utimes(shard, new Date(0), new Date(0));
    await rm(path.join(folder, 'chat_template.jinja'));
    const second = await fetchOnce();
    await expectSame(second);
    expect(sentBytes).toBe(whole + SHARD_BYTES);
    // What an earlier job works with stays what it was.
    expect((await readFile(path.join(first.folder, SHARDS[1]))).equals(weights)).toBe(false);
    expect(await readdir(first.folder)).toContain('chat_template.jinja');
  });

  it('goes on after a cut with what is missing, and sends a file whose answer was lost no second time', async () => {
    onSent = async (bytes) => {
      if (bytes <= SHARD_BYTES + 120_000) return;
      while ((await partBytes()) === 0) await sleep(10);
      throw new Error('the dashboard ends here');
    };
    await expect(fetchOnce()).rejects.toThrow('the dashboard ends here');
    onSent = () => undefined;
    const arrived = await partBytes();
    expect(arrived).toBeGreaterThan(0);
    sentBytes = 0;
    let lost = 0;
    const losing: Partial<HostSession> = {
      exec: async (...given) => {
        const answer = await session.exec(...given);
        if (!given[0].includes('mv -f') || lost > 0) return answer;
        lost += 1;
        throw new Error('the answer is lost');
      },
    };
    await expect(fetchOnce(contextNow(losing))).rejects.toThrow('the answer is lost');
    const sent = sentBytes;
    expect(sent).toBe(SHARD_BYTES - arrived);
    await expectSame(await fetchOnce());
    expect(sentBytes).toBe(sent);
  });

  it('is hashed again on the host when it is asked for again, and only a damaged file is copied', async () => {
    const first = await fetchOnce();
    const damaged = path.join(first.folder, SHARDS[0]);
    const weights = await readFile(damaged);
    weights[1000] = (weights[1000] ?? 0) ^ 1;
    await writeFile(damaged, weights);
    sentBytes = 0;
    const context = contextNow();
    expect(await fetchOnce(contextNow())).toEqual(first);
    expect(sentBytes).toBe(0);
    context.step = { ...context.step, isAgain: true };
    await expectSame(await fetchOnce(context));
    expect(sentBytes).toBe(SHARD_BYTES);
  });

  it('that changes while it is copied is not used, and is copied whole by a retry', async () => {
    const context = contextNow();
    const plan = await fetchModel.plan(context);
    if (plan.kind !== 'local') throw new Error(`planned as ${plan.kind}`);
    await plan.run(context.signal);
    await writeFile(path.join(folder, 'config.json'), '[]');
    expect(await fetchModel.check(context, 'after')).toMatchObject({
      done: false,
      failure: { code: 'transfer-corrupt', isTransient: true },
    });
    await expectSame(await fetchOnce());
  });
});

/** Bytes of copies that were cut on the host. */
async function partBytes(): Promise<number> {
  const files = path.join(host.homeFolder, '.quantdeck/models/uploaded/files');
  const parts = (await readdir(files)).filter((name) => name.endsWith('.part'));
  const sizes = await Promise.all(parts.map(async (name) => (await readFile(path.join(files, name))).length));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
