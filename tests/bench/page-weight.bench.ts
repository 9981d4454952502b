// JavaScript that Chromium loads for the page of a job, each file by gzip -9. The peer is what any Next page with
// socket.io and uPlot has to load (177 kB, measured for a page with nothing else on it).
import { gzipSync } from 'node:zlib';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { recordOutcome, rounded } from './bench-record';
import { openBrowserSession } from './browser-session';

const GOAL_KB = 220;
const MINIMAL_KB = 177;
/** Words that tell what a chunk is made of. */
const MARKS: readonly (readonly [string, RegExp])[] = [
  ['react-dom', /onRecoverableError|hydrateRoot/],
  ['next router', /next-router-state-tree/i],
  ['socket.io', /engine\.io|EIO/],
  ['uPlot', /u-over|uplot/],
  ['zod', /invalid_union|ZodError|_zod/],
  ['job page', /Q4_K_M/],
  ['log viewer', /Jump to latest/],
  ['polyfills', /Symbol\.for\("core-js|core-js/],
  ['failure copy', /host-key-changed/],
];

const dashboard = await Dashboard.start();
try {
  const jobId = await dashboard.api.startJob({
    source: { kind: 'folder', location: 'host', path: await tinyCheckpoint() },
    outputs: ['F16', 'Q8_0'],
  });
  await dashboard.api.ended(jobId, 300_000);
  const session = await openBrowserSession(dashboard.api.url);
  const context = await session.browser.newContext();
  await context.addCookies(await session.page.context().cookies());
  const page = await context.newPage();
  const scripts = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.set(response.url(), response.body());
  });
  await page.goto(`${dashboard.api.url}/jobs/${jobId}`, { waitUntil: 'load' });
  await page.locator('[role=log]').waitFor();
  await page.locator('.uplot').first().waitFor();
  const atOnce = new Set(scripts.keys());
  await page.waitForTimeout(3000);
  const inline = await page.evaluate(() =>
    [...document.querySelectorAll('script:not([src])')].map((script) => script.textContent ?? ''),
  );
  const chunks = await Promise.all(
    [...scripts].map(async ([url, body]) => {
      const text = await body;
      return {
        name: new URL(url).pathname.split('/').at(-1) ?? '',
        gzipBytes: gzipSync(text, { level: 9 }).length,
        bytes: text.length,
        isLater: !atOnce.has(url),
        holds: MARKS.filter(([, mark]) => mark.test(text.toString('utf8')))
          .map(([what]) => what)
          .join(', '),
      };
    }),
  );
  chunks.sort((a, b) => b.gzipBytes - a.gzipBytes);
  console.table(chunks);
  const kb = (from: typeof chunks) => from.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) / 1000;
  const totalKb = kb(chunks);
  const laterKb = kb(chunks.filter(({ isLater }) => isLater));
  await recordOutcome({
    name: 'page-weight',
    goal: `less than ${GOAL_KB} kB of JavaScript (gzip -9) for the page of a job`,
    isMet: totalKb < GOAL_KB,
    summary: `${rounded(totalKb, 1)} kB in ${chunks.length} files (${rounded(laterKb, 1)} kB of it fetched after the page stood), ${rounded(totalKb / MINIMAL_KB, 2)} times a minimal page`,
    data: { chunks, totalKb, laterKb, inlineBytes: inline.reduce((sum, text) => sum + text.length, 0) },
  });
  await session.close();
} finally {
  await dashboard.remove();
}
