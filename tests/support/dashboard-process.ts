import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DashboardApi } from './dashboard-api';
import { lendToolchain } from './dashboard-checkpoint';
import { freePort } from './free-port';
import { makeTempFolder } from './ssh-temp-folder';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TOKEN = 'a-token-of-the-tests-only';
const READY_MS = 60_000;
/** What the tests' own shell may have set must not reach the dashboard under test. */
const OWN_SETTINGS = /^(QUANTDECK_(?!PIP|NPM|LLAMA|TORCH)|HF_|HOST$|PORT$|NODE_OPTIONS$|VITEST)/;

/** The built dashboard as a process, on a data folder and a home of "This machine" of its own, that can be killed. */
export class Dashboard {
  readonly api: DashboardApi;
  readonly dataFolder: string;
  /** Home folder of "This machine". */
  readonly homeFolder: string;
  /** What the process wrote, over all its starts. */
  output = '';
  readonly #port: number;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #remove: () => Promise<void>;
  #child: ChildProcess | null = null;

  private constructor(
    place: { folder: string; remove: () => Promise<void> },
    port: number,
    environment: Readonly<Record<string, string>>,
  ) {
    this.dataFolder = path.join(place.folder, 'data');
    this.homeFolder = path.join(place.folder, 'home');
    this.#remove = place.remove;
    this.#port = port;
    this.#environment = environment;
    this.api = new DashboardApi(`http://127.0.0.1:${port}`, TOKEN);
  }

  /** Makes the folders, lends "This machine" the toolchain, starts and waits until it answers. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Dashboard> {
    const dashboard = new Dashboard(await makeTempFolder('dashboard'), await freePort(), environment);
    await mkdir(dashboard.homeFolder, { recursive: true });
    await lendToolchain(dashboard.homeFolder);
    await dashboard.begin();
    return dashboard;
  }

  /** Starts the process again on the same folders and port, and waits until it answers. */
  async begin(): Promise<void> {
    this.beginUnattended();
    await this.healthy();
  }

  /** Starts the process again, whatever becomes of it. */
  beginUnattended(): void {
    this.#child = this.launch();
  }

  /** Waits until it answers. */
  async healthy(): Promise<void> {
    const deadlineMs = Date.now() + READY_MS;
    while (!(await this.api.isHealthy())) {
      if (this.#child?.exitCode !== null || Date.now() > deadlineMs) throw new Error(`no dashboard:\n${this.output}`);
      await sleep(50);
    }
  }

  /** One more process on the same folders; whoever calls this ends it. */
  launch(port = this.#port): ChildProcess {
    const inherited = Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name));
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', process.env['QUANTDECK_TEST_SERVER'] ?? 'dist/server.mjs'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...Object.fromEntries(inherited),
          NODE_ENV: 'production',
          PORT: String(port),
          QUANTDECK_DATA_DIR: this.dataFolder,
          QUANTDECK_API_TOKEN: TOKEN,
          QUANTDECK_ADMIN_PASSWORD: 'a password of the tests',
          QUANTDECK_HOME: this.homeFolder,
          ...this.#environment,
        },
      },
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-200_000);
      });
    }
    return child;
  }

  /** Ends the process and waits for its end: SIGKILL leaves it no instruction more, SIGTERM asks it to leave in order. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await this.#remove();
  }
}
