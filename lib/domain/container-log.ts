const MOST_LINES = 40;
const MOST_CHARACTERS = 200;
/** Of a longer log only the end is looked at. */
const MOST_READ = 64 * 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const COLOURS = /\u001b\[[0-9;]{0,20}[A-Za-z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const NOT_SHOWN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
const TOKEN = /\bhf_[A-Za-z0-9]{8,}/g;
/** What sshd writes when it does not even look into a file with keys; no client ever sees it. */
const IGNORED_KEYS = /bad ownership or modes/i;

/** The last lines that a container wrote, fit to be kept and shown: it is a stranger's machine that wrote them. */
export function containerLogLines(text: string): string[] {
  return text
    .slice(-MOST_READ)
    .split('\n')
    .map((line) => line.replace(COLOURS, '').replace(NOT_SHOWN, ' ').replace(TOKEN, '[token]').trim())
    .filter((line) => line !== '')
    .slice(-MOST_LINES)
    .map((line) => (line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line));
}

/** The lines that say that a machine ignores its list of keys. */
export function ignoredKeysLines(lines: readonly string[]): string[] {
  return lines.filter((line) => IGNORED_KEYS.test(line));
}
