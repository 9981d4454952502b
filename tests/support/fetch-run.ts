import { spawn } from 'node:child_process';
import { createHub } from '../../lib/hub/create-hub';

export interface FetchRun {
  readonly exitCode: number | null;
  readonly output: string;
}

export interface FetchRunOptions {
  readonly url: string;
  readonly hubToken: string | null;
  readonly repo: string;
  readonly folder: string;
  readonly pieceBytes?: number;
  /** Overrides the token in the program's environment. */
  readonly token?: string;
  /** Looked at every few milliseconds; true kills the program as a lost host would. */
  readonly stopWhen?: (output: string) => boolean;
}

/** Runs the fetch program as a host does: the script by sh, settings and secrets in the environment. */
export async function runFetchProgram(options: FetchRunOptions): Promise<FetchRun & { readonly script: string }> {
  const hub = createHub({ endpoint: options.url, token: options.hubToken });
  const listing = await hub.list(options.repo, 'main');
  const { folder, pieceBytes } = options;
  const program = await hub.fetchProgram({
    listing,
    files: listing.files,
    folder,
    python: 'python3',
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
  });
  const environment = {
    ...process.env,
    ...program.environment,
    ...(options.token === undefined ? {} : { HF_TOKEN: options.token }),
  };
  // The script replaces its shell by the interpreter, so the kill reaches the program itself.
  const child = spawn('sh', ['-c', program.script], { env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const watch = setInterval(() => options.stopWhen?.(output) && child.kill('SIGKILL'), 5);
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  return { exitCode, output, script: program.script };
}
