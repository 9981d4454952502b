import type { Shell } from './ports';

/**
 * Builds the POSIX sh of an attempt. Every command is printed before it runs ("all commands shown"), and the first one
 * that fails ends the script with its exit code.
 */
export class Script {
  readonly #shell: Shell;
  readonly #lines: string[] = ['set -eu'];

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** A sentence for the log. */
  say(text: string): this {
    return this.raw(`printf '%s\\n' ${this.#shell.quote(text)}`);
  }

  /** Shows and runs one command. */
  run(argv: readonly string[]): this {
    const command = this.#shell.command(argv);
    return this.say(`$ ${command}`).raw(command);
  }

  /** Runs one command without showing it: book-keeping of ours that would only distract. */
  quietly(argv: readonly string[]): this {
    return this.raw(this.#shell.command(argv));
  }

  /** A line of sh as it is; every variable part must have gone through the shell's quoting. */
  raw(line: string): this {
    this.#lines.push(line);
    return this;
  }

  quote(text: string): string {
    return this.#shell.quote(text);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
