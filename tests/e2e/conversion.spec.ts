import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stepOf } from '../support/dashboard-api';
import { expect, test } from './fixtures';
import { CONVERSION_MS, JobPage } from './pages/job-page';
import { NewJobPage } from './pages/new-job-page';
import { visibleText } from './visible-text';

test.describe.configure({ timeout: 150_000 });

test('a folder becomes two files that work: live steps, log while it runs, charts, verdict, download', async ({
  page,
  api,
  checkpoint,
}) => {
  const form = new NewJobPage(page);
  await form.open();
  await form.source.fill(checkpoint);
  await expect(visibleText(page, `Folder ${checkpoint}`)).toBeVisible();
  await page.getByRole('radio', { name: /This machine/ }).check();
  await form.chooseOutputs(['F16', 'Q4_K_M']);
  const job = await form.send();

  // While it runs: the converter's own words appear in the browser before the step has ended.
  await expect(job.step('Convert to GGUF').getByRole('progressbar')).toBeVisible({ timeout: CONVERSION_MS });
  await job.show('Convert to GGUF');
  await expect(job.log).toContainText('convert_hf_to_gguf.py', { timeout: 30_000 });
  await expect(visibleText(page, 'following')).toBeVisible();
  await expect(page).toHaveTitle(/Convert|%|tiny/);

  // A reload in the middle shows the same log, and goes on.
  await page.reload();
  await job.show('Convert to GGUF');
  await expect(job.log).toContainText('convert_hf_to_gguf.py');

  // Nobody looks: the job goes on.
  const { jobId } = job;
  await page.goto('about:blank');
  await api.until(jobId, (detail) => stepOf(detail, 'verify:F16').status === 'running', CONVERSION_MS);
  await job.open(jobId);

  await job.expectWorks(2);
  for (const title of ['Processor', 'Memory', 'Disk', 'Network']) {
    await expect(page.getByRole('figure', { name: title }).locator('canvas')).toBeVisible();
  }

  // The log in the browser is the log on the disk, line by line.
  const detail = await api.job(jobId);
  const step = stepOf(detail, 'convert-model');
  await job.show('Convert to GGUF');
  await page.getByLabel('Machine lines').check();
  await expect(visibleText(page, 'complete', { exact: true })).toBeVisible();
  const raw = (await api.log(jobId, step.id)).toString('utf8');
  const shown = await job.readLog();
  expect(shown.filter((line) => line.trim() !== '').map(plain)).toEqual(foldedLines(raw));

  for (const artifact of detail.artifacts) {
    const link = job.verdict.getByRole('link', { name: `Download ${artifact.fileName}` });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe(artifact.fileName);
    const sha256 = createHash('sha256')
      .update(await readFile(await download.path()))
      .digest('hex');
    expect(sha256).toBe(artifact.sha256);
    await expect(job.verdict.getByText(sha256)).toBeVisible();
  }
});

test('the keyboard walks through the steps, follows the log and lists itself, but never while somebody types', async ({
  page,
  api,
}) => {
  const { jobs } = await api.get<{ jobs: { id: string }[] }>('/api/v1/jobs?status=succeeded');
  const job = new JobPage(page);
  await job.open(jobs[0]?.id ?? 'the conversion before made none');
  await job.show('Convert to GGUF');
  await page.keyboard.press('[');
  await expect(job.step('Repair config.json')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press(']');
  await page.keyboard.press(']');
  // The first file is the base, which has no step to be made.
  await expect(job.step('Checksum of F16')).toHaveAttribute('aria-expanded', 'true');
  for (let press = 0; press < 3; press += 1) await page.keyboard.press(']');
  await expect(job.step('Make Q4_K_M')).toHaveAttribute('aria-expanded', 'true');

  // An empty log cannot be scrolled.
  await expect(job.log).toContainText('quantize time');
  await job.log.evaluate((box) => box.scrollTo({ top: 0 }));
  await expect(page.getByRole('button', { name: /Jump to latest/ })).toBeVisible();
  await page.getByPlaceholder('Search the whole log').click();
  await page.keyboard.type('f]?');
  await expect(page.getByPlaceholder('Search the whole log')).toHaveValue('f]?');
  await expect(page.getByRole('button', { name: /Jump to latest/ })).toBeVisible();
  await job.log.focus();
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: /Jump to latest/ })).toHaveCount(0);

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a hidden tab draws nothing and has everything once it is looked at again', async ({ page, api, checkpoint }) => {
  const source = { kind: 'folder' as const, path: checkpoint };
  const job = new JobPage(page);
  await job.open(await api.startJob({ source, outputs: ['F16'] }));
  await api.until(job.jobId, (detail) => stepOf(detail, 'convert-model').status === 'running', CONVERSION_MS);
  // A step that was chosen stays in view when the job goes on.
  await job.step('Convert to GGUF').click();
  await expect(visibleText(page, 'following')).toBeVisible();
  await job.setHidden(true);
  const changes = await page.evaluateHandle(() => {
    const seen = { count: 0 };
    new MutationObserver((records) => {
      seen.count += records.length;
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return seen;
  });
  const detail = await api.ended(job.jobId, CONVERSION_MS);
  expect(detail.status).toBe('succeeded');
  // The title is what one sees of a hidden tab.
  await expect(page).toHaveTitle(/✓/);
  expect(await changes.evaluate((seen) => seen.count)).toBe(0);
  await expect(visibleText(page, 'following')).toBeVisible();

  await job.setHidden(false);
  await job.expectWorks(1);
  await page.getByLabel('Machine lines').check();
  const raw = (await api.log(job.jobId, stepOf(detail, 'convert-model').id)).toString('utf8');
  const shown = await job.readLog();
  expect(shown.filter((line) => line.trim() !== '').map(plain)).toEqual(foldedLines(raw));
});

test('long lines can be wrapped, which is remembered, and a line has an address that opens at it', async ({
  page,
  context,
  api,
}) => {
  const { jobs } = await api.get<{ jobs: { id: string }[] }>('/api/v1/jobs?status=succeeded');
  const job = new JobPage(page);
  await job.open(jobs[0]?.id ?? 'the conversions before made none');
  await job.show('Convert to GGUF');
  const rows = job.log.locator('[data-offset]');
  await expect(rows.first()).toBeVisible();
  const heights = () => rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).offsetHeight));
  expect(new Set(await heights())).toEqual(new Set([20]));
  await page.getByLabel('Wrap').check();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(async () => Math.max(...(await heights()))).toBeGreaterThan(20);
  expect(await job.log.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });

  // By mouse: the number of a line.
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // One line and not "the first": which lines are drawn changes until the page has found its new size.
  const offset = await rows.filter({ hasText: 'hf-to-gguf' }).last().getAttribute('data-offset');
  const row = job.log.locator(`[data-offset="${offset}"]`);
  const text = (await row.textContent()) ?? '';
  const number = await row.getByRole('link').textContent();
  await row.getByRole('link').click();
  await expect(visibleText(page, `Link to line ${number} copied`)).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toBe(page.url());
  expect(address).toMatch(/\?step=convert-model#log-\d+$/);

  const other = await context.newPage();
  await other.goto(address);
  const opened = new JobPage(other);
  await expect(opened.marked).toHaveText(text);
  expect(await opened.isInView(opened.marked)).toBe(true);
  await expect(other.getByLabel('Wrap')).toBeChecked();

  // By keyboard: search, the match, its link; wrapping off again, in both tabs.
  await other.locator('body').press('/');
  await other.keyboard.type(text.slice(number?.length, 40));
  await other.getByRole('list', { name: 'Lines found' }).getByRole('button').first().press('Enter');
  await other.keyboard.press('l');
  await expect(other.getByText(/Link to line \d+ copied/)).toBeVisible();
  await other.keyboard.press('w');
  await expect(other.getByLabel('Wrap')).not.toBeChecked();
  await expect(page.getByLabel('Wrap')).not.toBeChecked();
});

/** Text without escape sequences. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  return line.replace(/\u001b\[[0-9;:?]*[A-Za-z]/g, '').trimEnd();
}

/** What a terminal shows of a log: of each line only what follows its last carriage return; no empty lines. */
function foldedLines(raw: string): string[] {
  return raw
    .split('\n')
    .map((line) => plain(line.replace(/\r+$/, '').split('\r').at(-1) ?? ''))
    .filter((line) => line.trim() !== '');
}
