import type { ServerEnv } from './env';

/** Tells a person where the dashboard is, and on the first start how to set its password. On stdout: logs go to stderr. */
export function announceStart(start: { env: ServerEnv; port: number; setupToken: string | null }): void {
  const origin =
    start.env.publicUrl ??
    `http://${start.env.host.includes(':') ? `[${start.env.host}]` : start.env.host}:${start.port}`;
  const lines = [`Quantdeck is ready at ${origin}`];
  if (start.setupToken !== null) {
    lines.push('Nobody has a password here yet. Open this link once to set it (valid for one hour, one use):');
    lines.push(`  ${origin}/setup?token=${start.setupToken}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
