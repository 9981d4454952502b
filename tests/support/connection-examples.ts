import {
  CONNECTION_LAYERS,
  type CommandSeen,
  type ConnectionLayer,
  type ConnectionObservation,
  type ConnectionSeen,
} from '../../lib/domain/connection-report';
import type { FailureCode } from '../../lib/domain/failure';

export const OUR_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOurKeyOurKeyOurKey quantdeck';

/** Nothing seen yet, on the way to `root@203.0.113.7:34538` with an ED25519 key. */
export const NOTHING_SEEN: ConnectionSeen = {
  keyText: 'openssh',
  hasPassphrase: false,
  keyType: 'ssh-ed25519',
  publicKey: OUR_KEY,
  address: null,
  greeting: '',
  knownFingerprint: null,
  shownFingerprint: null,
  methods: null,
  isPartlyIn: false,
  banner: '',
  command: null,
};

/** What a command that went well leaves. */
export function commandSeen(part: Partial<CommandSeen> = {}): CommandSeen {
  return { before: [], after: [], errors: [], hasAnswer: true, exitCode: 0, isInTime: true, ...part };
}

const TARGET = { host: '203.0.113.7', port: 34_538, user: 'root', auth: 'key' } as const;

/** A test that ended at a layer; what came before took a millisecond each. */
export function stoppedAt(
  layer: ConnectionLayer,
  code: FailureCode,
  more: {
    seen?: Partial<ConnectionSeen>;
    errorCode?: string;
    evidence?: readonly string[];
    target?: Partial<ConnectionObservation['target']>;
  } = {},
): ConnectionObservation {
  const failure = {
    code,
    message: 'As the transport says it.',
    remedy: '',
    evidence: more.evidence ?? [],
    isTransient: false,
  };
  return {
    target: { ...TARGET, ...more.target },
    passed: passedUntil(layer),
    stopped: { layer, durationMs: 1.4, failure, errorCode: more.errorCode ?? '' },
    seen: { ...NOTHING_SEEN, ...more.seen },
  };
}

/** A test that came to its end. */
export function passedAll(seen: Partial<ConnectionSeen> = {}): ConnectionObservation {
  return { target: TARGET, passed: passedUntil(null), stopped: null, seen: { ...NOTHING_SEEN, ...seen } };
}

function passedUntil(end: ConnectionLayer | null) {
  const count = end === null ? CONNECTION_LAYERS.length : CONNECTION_LAYERS.indexOf(end);
  return CONNECTION_LAYERS.slice(0, count).map((layer) => ({ layer, durationMs: 1 }));
}
