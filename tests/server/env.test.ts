import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../lib/domain/failure';
import { allowedOriginsOf, isSecureOrigin, readEnv, secretsOf } from '../../lib/server/env';

function problems(source: Record<string, string>): readonly string[] {
  try {
    readEnv(source);
  } catch (error) {
    if (isFailureError(error)) return error.failure.evidence;
    throw error;
  }
  return [];
}

describe('readEnv', () => {
  it('needs nothing: loopback, port 3000, the public hub, a folder beside us', () => {
    expect(readEnv({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataFolder: './data',
      hubEndpoint: 'https://huggingface.co',
      publicUrl: null,
      adminPassword: null,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readEnv({ PORT: '', HF_TOKEN: '', QUANTDECK_PUBLIC_URL: '' })).toMatchObject({
      port: 3000,
      hubToken: null,
      publicUrl: null,
    });
  });

  it('lists everything that is wrong at once, by name, and never repeats a value', () => {
    const found = problems({
      PORT: 'eighty',
      HF_ENDPOINT: 'ftp://hub',
      QUANTDECK_ADMIN_PASSWORD: 'hunter2',
      QUANTDECK_API_TOKEN: 'secret value',
      QUANTDECK_PUBLIC_URL: 'https://deck.example/sub/path',
      QUANTDECK_TOOLCHAIN_PATH: 'relative/path',
    });
    expect(found.map((line) => line.split(':')[0]).sort()).toEqual([
      'HF_ENDPOINT',
      'PORT',
      'QUANTDECK_ADMIN_PASSWORD',
      'QUANTDECK_API_TOKEN',
      'QUANTDECK_PUBLIC_URL',
      'QUANTDECK_TOOLCHAIN_PATH',
    ]);
    expect(found.join()).not.toMatch(/hunter2|secret value/);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'myhost'])(
    'refuses to listen on %s without the URL that browsers use',
    (host) => {
      expect(problems({ HOST: host })[0]).toContain('QUANTDECK_PUBLIC_URL');
      expect(problems({ HOST: host, QUANTDECK_PUBLIC_URL: 'https://deck.example' })).toEqual([]);
    },
  );

  it('knows the origins, whether they are secure, and what is secret', () => {
    const env = readEnv({
      QUANTDECK_PUBLIC_URL: 'https://deck.example/',
      HF_TOKEN: 'hf_x',
      QUANTDECK_ADMIN_PASSWORD: 'correct horse battery',
    });
    expect(allowedOriginsOf(env, 3000)).toEqual([
      'http://127.0.0.1:3000',
      'http://localhost:3000',
      'http://[::1]:3000',
      'https://deck.example',
    ]);
    expect([isSecureOrigin(env), isSecureOrigin(readEnv({}))]).toEqual([true, false]);
    expect(secretsOf(env)).toEqual(['correct horse battery', 'hf_x']);
  });

  it('asks of the first password what the set-up page asks', () => {
    expect(problems({ QUANTDECK_ADMIN_PASSWORD: 'eleven char' })).toEqual([
      'QUANTDECK_ADMIN_PASSWORD: At least 12 characters.',
    ]);
    expect(readEnv({ QUANTDECK_ADMIN_PASSWORD: 'twelve chars' }).adminPassword).toBe('twelve chars');
  });

  it('takes the passwords in addresses for secrets, as written and decoded', () => {
    const env = readEnv({
      QUANTDECK_PIP_INDEX_URL: 'https://me:p%40ss-word@pip.example/simple',
      QUANTDECK_PIP_EXTRA_ARGS: '--pre --extra-index-url=https://token-alone@more.example/simple',
      QUANTDECK_TORCH_REQUIREMENTS: 'torch==2.11.0@https://you:torch-%zz-word@torch.example torch>=2.6',
    });
    expect(secretsOf(env)).toEqual(['p%40ss-word', 'p@ss-word', 'token-alone', 'torch-%zz-word']);
  });

  it('reads a list of addresses, parted by commas or spaces', () => {
    expect(readEnv({ QUANTDECK_LLAMA_SOURCES: 'https://a.example/x, https://b.example/' }).llamaSources).toEqual([
      'https://a.example/x',
      'https://b.example',
    ]);
  });
});
