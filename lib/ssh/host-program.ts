import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { jobctlFailure } from './attempt-status';
import type { CommandRunner } from './command-runner';

/** Exit code of our own command lines for "the program is not on this host". */
export const NOT_INSTALLED = 97;

/** Where the sh programs for the host are when the server runs from its package folder. */
export function defaultAssetsFolder(): string {
  return path.join(process.cwd(), 'lib', 'ssh', 'host');
}

/** A sh program of ours, as it is kept on a host: its name holds its hash, so versions live side by side. */
export class HostProgram {
  readonly #text: string;
  readonly #fileName: string;

  constructor(name: string, text: string) {
    this.#text = text;
    this.#fileName = `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.sh`;
  }

  static async load(assetsFolder: string, name: string): Promise<HostProgram> {
    return new HostProgram(name, await readFile(path.join(assetsFolder, `${name}.sh`), 'utf8'));
  }

  /** A command line that runs it; it exits with `NOT_INSTALLED` when it is not there. Arguments must be plain words. */
  commandLine(words: readonly (string | number)[]): string {
    const file = `"$HOME/.quantdeck/bin/${this.#fileName}"`;
    return `[ -s ${file} ] || exit ${NOT_INSTALLED}; exec sh ${file} ${words.join(' ')}`;
  }

  /** Puts it on the host, whole or not at all. */
  async install(runner: CommandRunner): Promise<void> {
    const bytes = Buffer.byteLength(this.#text);
    const script = `umask 077; f="$HOME/.quantdeck/bin/${this.#fileName}"; t="$f.$$"
if mkdir -p "$HOME/.quantdeck/bin" && cat >"$t" && [ $(($(wc -c <"$t"))) -eq ${bytes} ] && mv -f "$t" "$f"; then exit 0; fi
echo 'quantdeck-error write'; [ -d "$HOME/.quantdeck" ] && cd "$HOME/.quantdeck"; df -Pk . | tail -n 1; rm -f "$t"; exit 73`;
    const answer = await runner.exec(script, { stdin: this.#text });
    if (answer.exitCode !== 0) throw jobctlFailure(answer.stdout, answer.stderr);
  }
}
