/** What an `ssh …` line from a rental page says about how to reach the host. */
export interface SshEndpoint {
  readonly user: string | null;
  readonly host: string;
  readonly port: number;
}

const OPTIONS_WITH_VALUE = new Set('BbcDEeFIiJLlmOopQRSWw'.split(''));

/**
 * Reads a pasted command such as `ssh -p 34538 root@136.59.129.136 -L 8080:localhost:8080`, or just `root@host:22`.
 * Forwardings, identity files and other options are skipped: Quantdeck brings its own. Null when there is no host.
 */
export function parseSshCommand(text: string): SshEndpoint | null {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (words[0] === 'ssh') words.shift();
  let port: number | null = null;
  let user: string | null = null;
  let target: string | null = null;
  while (words.length > 0) {
    const word = words.shift() as string;
    if (!word.startsWith('-')) {
      target ??= word;
      continue;
    }
    const option = word[1] ?? '';
    if (!OPTIONS_WITH_VALUE.has(option)) continue;
    const value = word.length > 2 ? word.slice(2) : (words.shift() ?? '');
    if (option === 'p') port = Number(value);
    if (option === 'l') user = value;
    if (option === 'o') port = portOption(value) ?? port;
  }
  return target === null ? null : endpointOf(target, user, port);
}

function portOption(value: string): number | null {
  const match = /^Port[= ](\d+)$/i.exec(value);
  return match ? Number(match[1]) : null;
}

function endpointOf(target: string, user: string | null, port: number | null): SshEndpoint | null {
  const bare = target.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const match = /^(?:([^@\s]+)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+|[0-9A-Fa-f:]{3,})(?::(\d+))?$/.exec(bare);
  if (!match) return null;
  const host = (match[2] as string).replace(/^\[|\]$/g, '');
  const chosen = port ?? (match[3] ? Number(match[3]) : 22);
  if (!Number.isInteger(chosen) || chosen < 1 || chosen > 65_535) return null;
  return { user: match[1] ?? user, host, port: chosen };
}
