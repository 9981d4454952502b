import { FailureError } from '../domain/failure';

const PLAIN_WORD = /^[A-Za-z0-9_./:@%+,-]+$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words that a shell reads as syntax when they come first. */
const RESERVED_WORDS = new Set(
  'case do done elif else esac fi for function if in select then time until while coproc'.split(' '),
);

/**
 * One argument as a word of POSIX sh. Everything but plain words goes into single quotes, in which sh knows no special
 * character at all.
 *
 * @throws FailureError `invalid-input` for a NUL byte, which no argument of a program can hold.
 */
export function quote(argument: string): string {
  if (argument.includes('\0')) {
    throw new FailureError('invalid-input', 'A text for the command line of a host holds a NUL byte.', {
      remedy: 'Remove it: no program can be given one.',
    });
  }
  if (PLAIN_WORD.test(argument) && !RESERVED_WORDS.has(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A whole command line from a program and its arguments. */
export function command(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/**
 * Lines that set and export variables, to be sourced by sh.
 *
 * @throws FailureError `invalid-input` for a name that no shell accepts.
 */
export function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      if (!ENVIRONMENT_NAME.test(name)) {
        throw new FailureError('invalid-input', `"${name}" cannot be the name of an environment variable.`, {
          remedy: 'Use letters, digits and underscores.',
        });
      }
      return `export ${name}=${quote(value)}\n`;
    })
    .join('');
}

/**
 * A script for `sh`, as one command line that any login shell passes on unchanged.
 *
 * sshd hands our text to the account's shell, which may be bash, zsh, fish or tcsh. They agree on single quotes only as
 * long as there is no quote, backslash, `!` or line end inside, so a script that holds one travels as octal escapes of
 * printf, of which each shell sees nothing but plain characters.
 */
export function forAnyLoginShell(script: string): string {
  quote(script);
  if (!/['\\!\n\r]/.test(script)) return `exec sh -c '${script}'`;
  const encoded = script.replace(/['"\\!\n\r$`%]/g, (character) => {
    return `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  // The x keeps $( ) from eating line ends at the end of the script.
  return `exec sh -c 'x=$(printf %b "${encoded}x"); eval "\${x%x}"'`;
}
