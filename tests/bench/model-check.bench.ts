// A model check of 55 GB in 13 shards over a line of 50 ms and 50 Mbit/s, asked for by the REST API of a real dashboard: on a
// hub, where every new connection takes a second round trip as with TLS, and in a folder of a real sshd. The peers read the
// headers alone, from the same hub over the same line. BENCH_RUNS (5) turns.
import { execFile } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { addInstance, startSshdFor } from '../support/dashboard-host';
import { Dashboard } from '../support/dashboard-process';
import { startFakeHub } from '../support/fake-hub/fake-hub';
import { median, recordOutcome, rounded } from './bench-record';
import { bigCheckpoint } from './big-checkpoint';
import { qwenTokenizer } from './qwen-tokenizer';
import { startSlowLine } from './slow-line';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const GOAL = { ms: 3000, bytes: 2_000_000 };
const LINE = { roundTripMs: 50, bytesPerSecond: 50e6 / 8 };
/** Node keeps an unused connection for four seconds; a person's check comes later than that. */
const COLD_MS = 5000;
const POLL_MS = 20;

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly tensorCount: number;
  readonly facts: { readonly numHiddenLayers?: { readonly value: number } };
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
  readonly bytesRead: number;
}

interface Run {
  /** From asking to the finished report, as a script sees it. */
  readonly ms: number;
  readonly bytes: number;
  /** What left the other side, headers of HTTP included; null where it is not counted. */
  readonly sentBytes: number | null;
  readonly requests: number | null;
}

await tinyCheckpoint(); // makes the toolchain, whose Python runs a peer
const manifest = await readFile(path.join(quantdeckHome(), 'toolchains', 'v0.5.0', 'toolchain.json'), 'utf8');
const python = JSON.parse(manifest).paths.python as string;
const big = bigCheckpoint();
const tokenizer = await qwenTokenizer();
const tensors = Object.keys(JSON.parse(big.files['model.safetensors.index.json'] ?? '').weight_map).length;

const hub = await startFakeHub();
await hub.addRepo('big/model', { files: { ...big.files, ...tokenizer }, sparse: big.weights });
// The same with two tokens in each other's place: a tokenizer that nobody has seen, so that it is read whole.
const text = Buffer.from(tokenizer['tokenizer.json'] ?? '').toString();
const unknown = text.replace('"!": 0,', '"@@": 0,').replace('"\\"": 1,', '"!": 1,').replace('"@@": 0,', '"\\"": 0,');
await hub.addRepo('big/unknown', {
  files: { ...big.files, ...tokenizer, 'tokenizer.json': unknown },
  sparse: big.weights,
});
const portOf = (url: string) => Number(new URL(url).port);
const hubLine = await startSlowLine(portOf(hub.url), { ...LINE, connectRoundTrips: 2 });
const cdnLine = await startSlowLine(portOf(hub.cdnUrl), { ...LINE, connectRoundTrips: 2 });
const hubUrl = `http://127.0.0.1:${hubLine.port}`;
hub.showAs(hubUrl, `http://127.0.0.1:${cdnLine.port}`);
const dashboard = await Dashboard.start({ HF_ENDPOINT: hubUrl });
const host = await startSshdFor(dashboard.api);
const hostLine = await startSlowLine(host.port, { ...LINE, connectRoundTrips: 1 });

async function layOut(folder: string): Promise<string> {
  await mkdir(folder);
  for (const [name, content] of Object.entries({ ...big.files, ...tokenizer }))
    await writeFile(path.join(folder, name), content);
  for (const [name, { start, sizeBytes }] of Object.entries(big.weights)) {
    const file = await open(path.join(folder, name), 'w');
    await file.write(start);
    await file.truncate(sizeBytes);
    await file.close();
  }
  return folder;
}

/** Counts what the hub saw while the work went on. */
async function counted(work: () => Promise<{ ms: number; bytes: number }>): Promise<Run> {
  const before = { requests: hub.requests.length, bytes: hub.bytesSent() };
  const { ms, bytes } = await work();
  return { ms, bytes, sentBytes: hub.bytesSent() - before.bytes, requests: hub.requests.length - before.requests };
}

async function check(source: Record<string, unknown>): Promise<{ ms: number; bytes: number; answer: Answer }> {
  await sleep(COLD_MS);
  const startedMs = performance.now();
  const { id } = await dashboard.api.post<Answer>('/api/v1/model-checks', { source });
  for (;;) {
    const answer = await dashboard.api.get<Answer>(`/api/v1/model-checks/${id}`);
    if (answer.status === 'succeeded') return { ms: performance.now() - startedMs, bytes: answer.bytesRead, answer };
    if (answer.status === 'failed') throw new Error(JSON.stringify(answer));
    await sleep(POLL_MS);
  }
}

/** The check of a healthy model must find everything and nothing wrong. */
async function checkWell(source: Record<string, unknown>) {
  const run = await check(source);
  const { facts, findings, tensorCount } = run.answer;
  const isRight = facts.numHiddenLayers?.value === big.layers && tensorCount === tensors;
  if (!isRight || findings.some(({ severity }) => severity !== 'note')) throw new Error(JSON.stringify(run.answer));
  return run;
}

async function peer(program: string, args: readonly string[]): Promise<{ ms: number; bytes: number }> {
  const environment = { ...process.env, HF_ENDPOINT: hubUrl, HF_HUB_DISABLE_TELEMETRY: '1' };
  const before = hub.bytesSent();
  const { stdout } = await promisify(execFile)(program, args, { env: environment });
  const said = JSON.parse(stdout) as { ms: number; tensors: number };
  if (said.tensors !== tensors) throw new Error(`${program} saw ${said.tensors} tensors`);
  return { ms: said.ms, bytes: hub.bytesSent() - before };
}

const runs: Record<'hub' | 'sftp' | 'python' | 'javascript', Run[]> = { hub: [], sftp: [], python: [], javascript: [] };
let unseen: Run | null = null;
try {
  const folder = await layOut(path.join(host.homeFolder, 'big'));
  const instance = await addInstance(dashboard.api, hostLine.port);
  for (let turn = 0; turn < RUNS; turn += 1) {
    runs.hub.push(await counted(() => checkWell({ kind: 'hub', repo: 'big/model' })));
    const { ms, bytes } = await checkWell({ kind: 'folder', instanceId: instance.id, path: folder });
    runs.sftp.push({ ms, bytes, sentBytes: null, requests: null });
    runs.python.push(
      await counted(() =>
        peer(python, [fileURLToPath(new URL('./safetensors_metadata.py', import.meta.url)), 'big/model']),
      ),
    );
    runs.javascript.push(
      await counted(() =>
        peer(process.execPath, [
          fileURLToPath(new URL('./safetensors-metadata.mjs', import.meta.url)),
          hubUrl,
          'big/model',
        ]),
      ),
    );
    console.table(Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, all.at(-1)])));
  }
  unseen = await counted(() => check({ kind: 'hub', repo: 'big/unknown' }));
} finally {
  for (const line of [hubLine, cdnLine, hostLine]) line.close();
  await dashboard.remove();
  await host.stop();
  await hub.close();
}
const of = (name: keyof typeof runs) => ({
  ms: rounded(median(runs[name].map(({ ms }) => ms))),
  worstMs: rounded(Math.max(...runs[name].map(({ ms }) => ms))),
  bytes: Math.max(...runs[name].map(({ bytes }) => bytes)),
  requests: runs[name][0]?.requests ?? null,
});
const [onHub, overSftp, python_, javascript] = [of('hub'), of('sftp'), of('python'), of('javascript')];
const megabytes = (bytes: number) => `${rounded(bytes / 1e6, 2)} MB`;
await recordOutcome({
  name: 'model-check',
  goal: 'every check of 55 GB in 13 shards under 3 s and 2 MB over 50 ms and 50 Mbit/s',
  isMet: [onHub, overSftp].every(({ worstMs, bytes }) => worstMs < GOAL.ms && bytes < GOAL.bytes),
  summary: `hub ${onHub.ms} ms (worst ${onHub.worstMs}), ${megabytes(onHub.bytes)}, ${onHub.requests} requests; folder over SFTP ${overSftp.ms} ms (worst ${overSftp.worstMs}), ${megabytes(overSftp.bytes)}; headers alone: huggingface_hub ${python_.ms} ms, ${megabytes(python_.bytes)}, ${python_.requests} requests, ratio ${rounded(onHub.ms / python_.ms, 2)}; @huggingface/hub ${javascript.ms} ms, ${megabytes(javascript.bytes)}, ${javascript.requests} requests, ratio ${rounded(onHub.ms / javascript.ms, 2)}; with a tokenizer never seen ${rounded(unseen.ms)} ms, ${megabytes(unseen.bytes)}`,
  data: { totalBytes: big.totalBytes, headerBytes: big.headerBytes, line: LINE, runs, unseen },
});
