// From a line printed on the host to its text in a client: a real job, the built server, a socket.io client and Chromium.
// The peer is what a person does by hand: `ssh host tail -f log`.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { mean, percentile, recordOutcome, rounded } from './bench-record';
import { openBrowserSession } from './browser-session';
import { watchLog } from './log-watcher';
import { startPrintingStep } from './printing-step';
import { lendPrintingToolchain } from './printing-toolchain';
import { tailBySsh } from './ssh-tail';

const WISH = { linesPerSecond: 100, seconds: 30, lineBytes: 80 };
const GOAL_MS = 300;
const MARK = /B(\d+)@([\d.]+) /g;

/** Remembers for each line how long after its printing it was first seen. */
class Latencies {
  readonly #byNumber = new Map<number, number>();
  #rest = '';

  take(text: string, nowMs: number): void {
    const all = this.#rest + text;
    for (const [, number, printedMs] of all.matchAll(MARK)) this.see(Number(number), nowMs - Number(printedMs));
    this.#rest = all.slice(-200);
  }

  see(number: number, latencyMs: number): void {
    if (!this.#byNumber.has(number)) this.#byNumber.set(number, latencyMs);
  }

  summary() {
    const values = [...this.#byNumber.values()];
    return {
      lines: values.length,
      meanMs: rounded(mean(values), 1),
      p50Ms: rounded(percentile(values, 0.5), 1),
      p99Ms: rounded(percentile(values, 0.99), 1),
      maxMs: rounded(percentile(values, 1), 1),
    };
  }
}

/** Notes in the page itself when each line is first in the document. */
async function observeDocument(page: Page): Promise<() => Promise<Latencies>> {
  await page.evaluate(() => {
    const seen = new Map<string, number>();
    Reflect.set(globalThis, 'benchSeen', seen);
    // No function with a name in here: tsx gives it one by a helper that the page does not have.
    new MutationObserver((changes) => {
      const nowMs = performance.timeOrigin + performance.now();
      const nodes = changes.flatMap(({ type, target, addedNodes }) =>
        type === 'characterData' ? [target] : [...addedNodes],
      );
      for (const node of nodes) {
        for (const [, number, printedMs] of (node.textContent ?? '').matchAll(/B(\d+)@([\d.]+) /g)) {
          if (number && !seen.has(number)) seen.set(number, nowMs - Number(printedMs));
        }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return async () => {
    const entries = await page.evaluate(() => [...(Reflect.get(globalThis, 'benchSeen') as Map<string, number>)]);
    const latencies = new Latencies();
    for (const [number, latencyMs] of entries) latencies.see(Number(number), latencyMs);
    return latencies;
  };
}

const dashboard = await Dashboard.start();
try {
  const printer = await lendPrintingToolchain(dashboard.homeFolder, WISH);
  await printer.load();
  const step = await startPrintingStep(dashboard.api, await tinyCheckpoint());
  const session = await openBrowserSession(dashboard.api.url);
  try {
    await session.page.goto(`${dashboard.api.url}/jobs/${step.jobId}`);
    const inDocument = await observeDocument(session.page);
    const decoder = new TextDecoder();
    const inClient = new Latencies();
    const target = { url: dashboard.api.url, cookie: session.cookie, ...step };
    const unwatch = await watchLog(target, ({ bytes }) => {
      inClient.take(decoder.decode(bytes, { stream: true }), performance.timeOrigin + performance.now());
    });
    await sleep(2000);
    await printer.go();
    await printer.printed();
    await sleep(2000);
    unwatch();
    const client = inClient.summary();
    const document = (await inDocument()).summary();
    const byHand = new Latencies();
    await tailBySsh(printer, (chunk) =>
      byHand.take(chunk.toString('latin1'), performance.timeOrigin + performance.now()),
    );
    const peer = byHand.summary();
    const wanted = WISH.linesPerSecond * WISH.seconds;
    const isComplete = client.lines === wanted && peer.lines === wanted;
    await recordOutcome({
      name: 'log-latency',
      goal: `p99 under ${GOAL_MS} ms at 100 lines/s, in the document`,
      isMet: isComplete && client.p99Ms < GOAL_MS && document.p99Ms < GOAL_MS && document.lines > wanted * 0.9,
      summary: `client p50 ${client.p50Ms}, p99 ${client.p99Ms} ms; document p50 ${document.p50Ms}, p99 ${document.p99Ms} ms (${document.lines} of ${wanted} lines rendered); ssh tail -f p50 ${peer.p50Ms}, p99 ${peer.p99Ms} ms`,
      data: { wish: WISH, client, document, peer, p99Ratio: rounded(document.p99Ms / peer.p99Ms, 2) },
    });
  } finally {
    await session.close();
  }
} finally {
  await dashboard.remove();
}
