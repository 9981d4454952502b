import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure-of';
import { fakeKeyOf } from '../../support/fake-vast/fake-accounts';
import { ANY_OFFER, EXAMPLE_KEY, orderFor, providerOn, vastOnFake } from '../../support/vast-on-fake';

const { start } = vastOnFake();

describe('a key that is not good enough', () => {
  it.each([
    ['rental-key-two-factor', 'two-factor'],
    ['rental-key-expired', 'two-factor-expired'],
  ] as const)('is %s, while searching still works', async (code, kind) => {
    const { fake } = await start();
    const vast = providerOn(fake, { apiKey: fakeKeyOf(kind) });
    expect((await vast.searchOffers(ANY_OFFER)).length).toBeGreaterThan(0);
    expect(await failureOf(vast.account())).toMatchObject({ code, isTransient: false });
  });

  it('is told apart when it may only read, may not see the bill, or belongs to a team', async () => {
    const { fake } = await start();
    const reader = providerOn(fake, { apiKey: fakeKeyOf('read-only') });
    expect((await reader.list()).instances).toEqual([]);
    const failure = await failureOf(reader.rent(await orderFor(reader, 'quantdeck:a:1')));
    expect(failure).toMatchObject({ code: 'rental-key-scope', remedy: expect.stringContaining('instance_write') });
    expect(await failureOf(providerOn(fake, { apiKey: fakeKeyOf('no-billing') }).charges(0, 1))).toMatchObject({
      code: 'rental-key-scope',
    });
    expect(await failureOf(providerOn(fake, { apiKey: fakeKeyOf('team') }).addAccountKey(EXAMPLE_KEY))).toMatchObject({
      code: 'rental-key-team',
    });
    expect(fake.world.living()).toEqual([]);
  });
});

/** A service that gives one answer to everything. */
async function saying(status: number, body: string, headers: Record<string, string> = {}) {
  const { fake } = await start();
  return providerOn(fake, { fetch: () => Promise.resolve(new Response(body, { status, headers })) });
}

describe('what vast says', () => {
  const refusal = (error: string, msg: string) => JSON.stringify({ success: false, error, msg });

  it.each([
    ['rental-key-refused', 401, refusal('x', 'Invalid user key')],
    ['rental-key-refused', 404, refusal('auth_error', 'Invalid user key')],
    ['rental-key-refused', 403, refusal('auth_error', 'This action requires login.')],
    ['rental-key-scope', 403, refusal('forbidden', 'no')],
    ['rental-key-scope', 401, refusal('auth_error', 'API key lacks permission')],
    ['rental-no-credit', 400, refusal('insufficient_credit', 'no')],
    ['rental-no-credit', 200, refusal('', 'Your balance is too low.')],
    ['rental-spend-limit', 400, refusal('spend_rate_limit', 'too much credit spent')],
    ['rental-offer-gone', 400, refusal('invalid_args', 'error 404/3603: no_such_ask Instance type by id 1')],
    ['rental-offer-gone', 410, refusal('no_such_ask', '')],
    ['rental-offer-gone', 404, refusal('', 'Instance type by id 5 is not available.')],
    ['rental-start-queued', 200, refusal('', 'Required resources are currently unavailable, state change queued.')],
    ['rental-not-found', 404, refusal('no_such_instance', '')],
    ['rental-refused', 400, refusal('invalid_args', 'disk')],
    ['rental-refused', 400, '{"message":"m"}'],
    ['rental-refused', 483, '{"detail":"Invalid json_body"}'],
    ['rental-rate-limited', 429, 'API requests too frequent'],
    ['rental-unreachable', 500, 'oops'],
    ['rental-unreachable', 403, '<html>Access denied</html>'],
    ['rental-answer-invalid', 410, refusal('deprecated_endpoint', 'gone')],
    ['rental-answer-invalid', 404, '<html>nginx</html>'],
    ['rental-answer-invalid', 200, '<html>Just a moment</html>'],
    ['rental-answer-invalid', 200, '{"success": true}'],
    ['rental-answer-invalid', 200, '"text"'],
    ['rental-answer-invalid', 302, ''],
  ])('is %s for HTTP %i %s', async (code, status, body) => {
    const failure = await failureOf((await saying(status, body)).account());
    expect(failure).toMatchObject({
      code,
      remedy: expect.stringMatching(/\.$/),
      message: expect.stringMatching(/\.$/),
    });
    expect(failure.evidence[0]).toContain('GET users/current: ');
  });

  it('takes the offer, and not the key, for what is refused when an order is: the next offer may do', async () => {
    const { fake } = await start();
    const order = await orderFor(providerOn(fake), 'quantdeck:a:1');
    const refused = async (body: string) => {
      const answer: typeof fetch = (input, init) =>
        init?.method === 'PUT' ? Promise.resolve(new Response(body, { status: 403 })) : fetch(input, init);
      return (await failureOf(providerOn(fake, { fetch: answer }).rent(order))).code;
    };
    expect(await refused(refusal('', 'Offer 12 is not your own'))).toBe('rental-offer-gone');
    expect(await refused(refusal('machine_rule', 'This host does not take you.'))).toBe('rental-refused');
    expect(await refused(refusal('', 'Offer 12 is closed.'))).toBe('rental-refused');
    expect(await refused(refusal('forbidden', 'API key does not have permission for this route.'))).toBe(
      'rental-key-scope',
    );
    expect(await refused(refusal('auth_error', 'This action requires login.'))).toBe('rental-key-refused');
    // Without a word about rights, and for any other route, nothing else is known to be refused so.
    const listed = providerOn(fake, { fetch: async () => new Response(refusal('', 'no'), { status: 403 }) });
    expect((await failureOf(listed.account())).code).toBe('rental-key-scope');
  });

  it('never takes a missing page of something in between for a missing instance', async () => {
    const vast = await saying(404, '<html>nginx</html>');
    const calls = [() => vast.find('1'), () => vast.isGone('1'), () => vast.destroy('1'), () => vast.accountKeys()];
    for (const call of calls) expect((await failureOf(call())).code).toBe('rental-answer-invalid');
  });

  it('keeps what it says short, on one line, and without any key', async () => {
    const { fake } = await start();
    const hex = 'ab'.repeat(32);
    const vast = await saying(400, JSON.stringify({ msg: `${fake.key} ${hex}\u001b[31m\r\n${'x'.repeat(5000)}` }));
    const [line = ''] = (await failureOf(vast.account())).evidence;
    expect(line).toMatch(/^GET users\/current: HTTP 400 \[key\] \[key\] \[31m x+…$/);
    expect(line.length).toBeLessThan(400);
  });

  it('does not fill the memory with an answer that never ends', async () => {
    const { fake } = await start();
    let sentBytes = 0;
    const endless = (status: number) => () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            pull(controller) {
              sentBytes += 1 << 20;
              controller.enqueue(new Uint8Array(1 << 20));
            },
          }),
          { status },
        ),
      );
    expect(await failureOf(providerOn(fake, { fetch: endless(400) }).account())).toMatchObject({
      code: 'rental-answer-invalid',
    });
    expect(await failureOf(providerOn(fake, { fetch: endless(200) }).account())).toMatchObject({
      code: 'rental-answer-invalid',
    });
    expect(sentBytes).toBeLessThan(200 << 20);
  });

  it('says in words that nobody answers', async () => {
    const { fake, vast } = await start();
    fake.faults.set([{ kind: 'slow', delayMs: 500 }]);
    expect(await failureOf(providerOn(fake, { timeoutMs: 50 }).account())).toMatchObject({
      code: 'rental-unreachable',
      message: expect.stringContaining('did not answer within'),
      isTransient: true,
    });
    fake.faults.set([{ kind: 'hang-up' }]);
    expect(await failureOf(vast.account())).toMatchObject({ code: 'rental-unreachable' });
    expect(await failureOf(providerOn(fake, { url: 'http://127.0.0.1:9' }).account())).toMatchObject({
      message: 'The connection to 127.0.0.1:9 failed.',
    });
  });
});
