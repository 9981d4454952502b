import { describe, expect, it } from 'vitest';
import { FailureError } from '../../lib/domain/failure';
import { createLogger } from '../../lib/server/logger';

function capture(
  isTty: boolean,
  secrets: string[] = [],
): { text: () => string; logger: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  const now = () => new Date('2026-01-02T03:04:05Z');
  return {
    text: () => lines.join(''),
    logger: createLogger({ write: (line) => void lines.push(line), isTty, secrets: () => secrets, now }),
  };
}

describe('createLogger', () => {
  it('writes one JSON object a line where nobody watches, and plain words on a terminal', () => {
    const json = capture(false);
    json.logger.info('started', { port: 3000 });
    expect(JSON.parse(json.text())).toEqual({
      at: '2026-01-02T03:04:05.000Z',
      level: 'info',
      message: 'started',
      port: 3000,
    });
    const plain = capture(true);
    plain.logger.warn('slow disk', { writeMs: 900 });
    expect(plain.text()).toBe('03:04:05 WARN slow disk writeMs=900\n');
  });

  it.each([true, false])('lets no secret through, by name, by value or by shape (terminal: %s)', (isTty) => {
    const canary = 'canary-9d1f';
    const { logger, text } = capture(isTty, [`${canary}-known`]);
    const cause = new Error(`GET https://user:${canary}@hub/x with Authorization: Bearer ${canary}`);
    logger.error(
      'failed',
      new FailureError('hub-unreachable', `token ${canary}-known was refused`, {
        cause,
        evidence: [`cookie quantdeck_session=${canary};`],
      }),
      {
        headers: { Cookie: `a=${canary}`, authorization: canary, nested: [{ apiToken: canary, passphrase: canary }] },
        url: `https://x/?t=qd_${canary.replaceAll('-', '_')}_0123456789abcdef`,
      },
    );
    logger.info(`hf_${'a'.repeat(30)} and qd_${'b'.repeat(30)}`);
    expect(text()).not.toContain('canary');
    expect(text()).not.toMatch(/a{30}|b{30}/);
    expect(text()).toContain('hub-unreachable');
  });

  it('survives what cannot be written as JSON', () => {
    const loop: Record<string, unknown> = { size: 10n, bytes: new Uint8Array(5) };
    loop.self = loop;
    const { logger, text } = capture(false);
    logger.info('odd', { loop });
    expect(JSON.parse(text())).toMatchObject({ loop: { size: '10', bytes: '5 bytes' } });
  });

  it('does not let a hostile host drive the terminal', () => {
    const { logger, text } = capture(true);
    logger.warn('host said \u001b]0;owned\u0007\u001b[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(text().trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});
