import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quote } from '../../lib/ssh/shell-quote';

export interface PrinterWish {
  readonly linesPerSecond: number;
  readonly seconds: number;
  readonly lineBytes: number;
}

export interface Printed {
  readonly lines: number;
  readonly seconds: number;
  readonly endedAtMs: number;
  /** How far the printer was behind its own plan at worst. */
  readonly latestSeconds: number;
}

const PRINTER = path.join(import.meta.dirname, 'print_lines.py');

/**
 * Gives a host a toolchain that is this machine's but for llama-quantize, which prints lines before it does its work: so
 * a real job sends a log of any speed through everything that a log goes through.
 */
export async function lendPrintingToolchain(homeFolder: string, wish: PrinterWish): Promise<Printer> {
  const version = 'v0.5.0';
  const toolchains = path.join(homeFolder, '.quantdeck', 'toolchains');
  const manifest = JSON.parse(await readFile(path.join(toolchains, version, 'toolchain.json'), 'utf8'));
  const realBin: string = manifest.paths.binDir;
  const folder = path.join(homeFolder, 'printer');
  const bin = path.join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const name of await readdir(realBin)) {
    if (name !== 'llama-quantize') await symlink(path.join(realBin, name), path.join(bin, name));
  }
  const wrapper = `#!/bin/sh
if [ $# -ge 3 ]; then ${quote(manifest.paths.python)} ${quote(PRINTER)} ${quote(folder)} || exit 1; fi
exec ${quote(path.join(realBin, 'llama-quantize'))} "$@"
`;
  await writeFile(path.join(bin, 'llama-quantize'), wrapper, { mode: 0o755 });
  // What lies there is a link to the real one, which stays as it is.
  await rm(toolchains);
  await mkdir(path.join(toolchains, version), { recursive: true });
  const changed = { ...manifest, paths: { ...manifest.paths, binDir: bin } };
  await writeFile(path.join(toolchains, version, 'toolchain.json'), `${JSON.stringify(changed)}\n`);
  return new Printer(folder, manifest.paths.python, wish);
}

export class Printer {
  readonly folder: string;
  readonly python: string;
  readonly wish: PrinterWish;

  constructor(folder: string, python: string, wish: PrinterWish) {
    this.folder = folder;
    this.python = python;
    this.wish = wish;
  }

  /** Arms it for one more round. */
  async load(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of ['go', 'printed.json']) await rm(path.join(this.folder, name), { force: true });
    await writeFile(path.join(this.folder, 'printer.json'), JSON.stringify(this.wish));
  }

  async go(): Promise<void> {
    await writeFile(path.join(this.folder, 'go'), '');
  }

  async printed(): Promise<Printed> {
    const file = path.join(this.folder, 'printed.json');
    const deadlineMs = Date.now() + this.wish.seconds * 5000 + 60_000;
    while (!existsSync(file)) {
      if (Date.now() > deadlineMs) throw new Error('the printer did not come to its end');
      await sleep(50);
    }
    await sleep(50);
    return JSON.parse(await readFile(file, 'utf8')) as Printed;
  }
}
