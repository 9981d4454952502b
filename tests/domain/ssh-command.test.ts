import { describe, expect, it } from 'vitest';
import { parseSshCommand } from '../../lib/domain/ssh-command';

describe('a pasted ssh line', () => {
  it.each([
    ['ssh -p 34538 root@136.59.129.136 -L 8080:localhost:8080', { user: 'root', host: '136.59.129.136', port: 34538 }],
    ['ssh root@ssh5.vast.ai -p 12345', { user: 'root', host: 'ssh5.vast.ai', port: 12345 }],
    ['ssh -i ~/.ssh/id_ed25519 -o Port=2200 -v me@host', { user: 'me', host: 'host', port: 2200 }],
    ['ssh -o StrictHostKeyChecking=no -l ann host', { user: 'ann', host: 'host', port: 22 }],
    ['ssh - host', { user: null, host: 'host', port: 22 }],
    ['ssh -p2222 host', { user: null, host: 'host', port: 2222 }],
    ['ssh://root@host:2022/', { user: 'root', host: 'host', port: 2022 }],
    ['root@[2001:db8::1]:2022', { user: 'root', host: '2001:db8::1', port: 2022 }],
    ['root@host nvidia-smi -l', { user: 'root', host: 'host', port: 22 }],
  ])('%s', (line, endpoint) => {
    expect(parseSshCommand(line)).toEqual(endpoint);
  });

  it.each(['', 'ssh', 'ssh -p', 'ssh -p 0 host', 'ssh -p 70000 host', 'root@ho$st', 'ssh -l'])(
    '%j has no host to reach',
    (line) => {
      expect(parseSshCommand(line)).toBeNull();
    },
  );
});
