import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILE_STAMP_FUNCTION, SHA256_FUNCTION } from '../../lib/pipeline/portable-shell';
import { command } from '../../lib/ssh/shell-quote';
import { makeMacTools } from '../support/mac-like-host';

const CONTENT = 'content of a file\n';
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

describe.each(['Linux', 'macOS'])('sh functions with the tools of %s', (system) => {
  let folder: string;
  let file: string;
  let mac: Awaited<ReturnType<typeof makeMacTools>>;
  beforeAll(async () => {
    mac = await makeMacTools();
    folder = await mkdtemp(path.join(tmpdir(), 'portable-'));
    file = path.join(folder, "-a 'file'");
    await writeFile(file, CONTENT);
    await utimes(file, 1_700_000_000, 1_700_000_000.75);
  });
  afterAll(async () => {
    await mac.remove();
    await rm(folder, { recursive: true });
  });

  const run = (script: string, searchPath = system === 'macOS' ? mac.folder : process.env['PATH']) =>
    execFileSync('/bin/sh', ['-c', `set -eu\n${SHA256_FUNCTION}\n${FILE_STAMP_FUNCTION}\n${script}`], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: searchPath } as unknown as NodeJS.ProcessEnv,
    });

  it('hash a file and show how', () => {
    const [shown, sum] = run(`${command(['sha256', file, 'model.gguf'])}; echo "$sum"`).split('\n');
    expect(sum).toBe(SHA256);
    expect(shown).toMatch(
      system === 'macOS' ? /^\$ shasum -a 256 model/ : /^\$ (openssl dgst -sha256 -r|sha256sum) model/,
    );
  });

  it('stop the script when a file cannot be hashed', () => {
    expect(() => run('sha256 /no/such/file x; echo went-on')).toThrow(/no such file/i);
  });

  it('tell size and second of the last change', () => {
    expect(run(`file_stamp ${command([path.basename(file)])}`)).toBe(`${CONTENT.length} 1700000000\n`);
  });
});
