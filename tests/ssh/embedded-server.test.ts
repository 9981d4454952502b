import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { terminalArguments } from '../../lib/ssh/embedded-session';
import { openHostSession } from '../../lib/ssh/host-session';
import { type EmbeddedHost, startEmbeddedHost } from '../support/ssh-embedded-host';
import { makeTempFolder } from '../support/ssh-temp-folder';

const hasOpenSsh = existsSync('/usr/bin/ssh') && existsSync('/usr/bin/sftp');

describe('the SSH server of this machine', () => {
  let host: EmbeddedHost;
  let keyFile: string;
  let keys: { folder: string; remove: () => Promise<void> };

  beforeAll(async () => {
    host = await startEmbeddedHost();
    keys = await makeTempFolder('client');
    keyFile = path.join(keys.folder, 'key');
    await writeFile(keyFile, host.server.privateKey, { mode: 0o600 });
  });
  afterAll(async () => {
    await host.stop();
    await keys.remove();
  });

  /** Asynchronously: the server lives in this process. */
  async function run(
    program: string,
    argv: string[],
    input = '',
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const options = [
      '-i',
      keyFile,
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'LogLevel=ERROR',
    ];
    const port = [program === 'ssh' ? '-p' : '-P', String(host.endpoint.port)];
    const child = spawn(program, [...options, ...port, ...argv]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    return { code, stdout, stderr };
  }
  const target = () => `${host.endpoint.user}@127.0.0.1`;

  it.skipIf(!hasOpenSsh)('serves commands, codes and terminals to the ssh of OpenSSH', async () => {
    expect(await run('ssh', [target(), 'cat; echo err >&2; exit 9'], 'input')).toEqual({
      code: 9,
      stdout: 'input',
      stderr: 'err\n',
    });
    const terminal = await run('ssh', ['-tt', target(), 'test -t 1 && stty size && exit 4']);
    expect(terminal.code).toBe(4);
    expect(terminal.stdout).toMatch(/^\d+ \d+\r\n/);
  });

  it.skipIf(!hasOpenSsh)('serves files to the sftp of OpenSSH', async () => {
    const content = 'x'.repeat(300_000);
    await writeFile(path.join(keys.folder, 'local'), content);
    const batch = `mkdir "a folder"\nput ${keys.folder}/local "a folder/file"\nchmod 640 "a folder/file"\nln -s file "a folder/link"\nls -l "a folder"\nrename "a folder/file" "a folder/moved"\nget "a folder/moved" ${keys.folder}/back\nrm "a folder/link"\nrm "a folder/moved"\nrmdir "a folder"\npwd\n`;
    const answer = await run('sftp', ['-b', '-', target()], batch);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(answer.stdout).toMatch(/-rw-r-----.* 300000 .*file/);
    expect(answer.stdout).toContain(host.homeFolder);
    expect(await readFile(path.join(keys.folder, 'back'), 'utf8')).toBe(content);
  });

  it('lets no secret of the dashboard into the environment of a command', async () => {
    vi.stubEnv('QUANTDECK_ADMIN_PASSWORD', 'canary-password');
    vi.stubEnv('HF_TOKEN', 'canary-token');
    const session = await openHostSession(host.endpoint, { pinned: host.fingerprint });
    const { stdout } = await session.exec('env');
    expect(stdout).toContain(`HOME=${host.homeFolder}`);
    expect(stdout).not.toContain('canary');
    session.close();
  });

  it('listens on the loopback interface only, and opens to no other user and no password', async () => {
    const listening = await readFile('/proc/net/tcp', 'utf8');
    const port = host.endpoint.port.toString(16).toUpperCase().padStart(4, '0');
    expect(listening).toContain(`0100007F:${port} 00000000:0000 0A`);
    expect(listening).not.toContain(`00000000:${port} 00000000:0000 0A`);
    await expect(
      openHostSession({ ...host.endpoint, user: 'somebody' }, { pinned: host.fingerprint }),
    ).rejects.toMatchObject({ failure: { code: 'ssh-auth-refused' } });
  });

  it('may be killed while an attempt runs, which goes on to its end', async () => {
    const { folder, remove } = await makeTempFolder('killed');
    const other = fileURLToPath(new URL('../support/ssh-server-process.ts', import.meta.url));
    const attemptId = randomUUID();
    const child = spawn(process.execPath, ['--import', 'tsx', other, folder, attemptId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const again = await startEmbeddedHost();
    const { startEmbeddedServer } = await import('../../lib/ssh/embedded-server');
    const server = await startEmbeddedServer({ homeFolder: folder });
    const endpoint = {
      ...again.endpoint,
      port: server.port,
      auth: { kind: 'key' as const, privateKey: server.privateKey },
    };
    const session = await openHostSession(endpoint, { pinned: server.hostKeyFingerprint });
    let text = '';
    const status = await session.followAttempt(
      attemptId,
      0,
      (chunk) => {
        text += Buffer.from(chunk).toString();
      },
      new AbortController().signal,
    );
    expect(text).toBe('0\n1\n2\n3\n4\n5\n6\n7\n');
    expect(status).toMatchObject({ state: 'exited', exitCode: 5 });
    session.close();
    await server.close();
    await again.stop();
    await remove();
  });

  it('asks for a terminal as the script program of its system wants to be asked', () => {
    expect(terminalArguments('linux', 'exec sh -i')).toEqual(['-qefc', 'exec sh -i', '/dev/null']);
    expect(terminalArguments('darwin', 'exec sh -i')).toEqual(['-q', '/dev/null', '/bin/sh', '-c', 'exec sh -i']);
  });
});
