import * as z from 'zod';
import type { Failure } from './failure';
import type { KeyTextKind } from './key-text';

/** What lies between us and a command on a host, in the order in which it is passed. */
export const CONNECTION_LAYERS = [
  'own-key',
  'name',
  'tcp',
  'greeting',
  'host-key',
  'login',
  'command',
  'files',
  'host',
] as const;
export type ConnectionLayer = (typeof CONNECTION_LAYERS)[number];

/** Why a connection does not work, as a closed list; `app/_copy` gives each a title, `connection-words.ts` the rest. */
export const CONNECTION_CAUSES = [
  'key-is-path',
  'key-is-public-half',
  'key-wrong-format',
  'key-damaged',
  'key-passphrase-missing',
  'key-passphrase-wrong',
  'name-unknown',
  'name-service-down',
  'port-refused',
  'no-answer',
  'no-route',
  'endpoint-moved',
  'silent',
  'hung-up',
  'throttled',
  'not-ssh',
  'host-key-changed',
  'no-common-algorithm',
  'key-exchange-broken',
  'key-refused',
  'key-not-attached',
  'key-list-ignored',
  'key-path-registered',
  'rsa-refused',
  'keys-not-accepted',
  'password-refused',
  'passwords-not-accepted',
  'second-factor',
  'commands-not-allowed',
  'tmux-hook',
  'shell-ended',
  'command-replaced',
  'command-hangs',
  'shell-noise',
  'no-sftp',
  'host-unusable',
  'connection-lost',
  'stopped-answering',
  'unexplained',
] as const;
export type ConnectionCause = (typeof CONNECTION_CAUSES)[number];

/**
 * What Quantdeck can do about it by itself: pin the key that the host showed, place our key on a rented instance, take
 * the address that the rental service names now, switch off the tmux hook, read address and port from a pasted command,
 * log in with our own ED25519 key in place of what is stored.
 */
export const CONNECTION_FIXES = [
  'trust-host-key',
  'attach-key',
  'follow-endpoint',
  'switch-off-tmux',
  'use-command',
  'use-own-key',
] as const;
export type ConnectionFix = (typeof CONNECTION_FIXES)[number];

/** Body of `POST /instances/{instanceId}/fix-connection`. */
export const connectionFixSchema = z.object({
  fix: z.enum(CONNECTION_FIXES),
  command: z.string().trim().max(4096).optional().describe('For `use-command`: an ssh command with the right address.'),
});

/** Fixes that the worker carries out, since they reach a host or a service; the others only write to the database. */
export type WorkerFix = Exclude<ConnectionFix, 'trust-host-key' | 'use-command' | 'use-own-key'>;

export interface LayerReport {
  readonly layer: ConnectionLayer;
  /** `warned`: passed, with something that a person should know. */
  readonly state: 'ok' | 'warned' | 'failed' | 'not-reached';
  readonly durationMs: number | null;
  /** What was found there, one short printable line. */
  readonly seen: string | null;
}

export interface ConnectionFinding {
  readonly cause: ConnectionCause;
  readonly layer: ConnectionLayer;
  /** False for what does not keep Quantdeck from working there. */
  readonly isBlocking: boolean;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  /** Printable lines, most telling first. Never a secret. */
  readonly evidence: readonly string[];
  readonly fixes: readonly ConnectionFix[];
}

/** What a test of a connection found, kept with the instance. */
export interface ConnectionReport {
  readonly layers: readonly LayerReport[];
  /** Null when nothing is wrong, or not known yet. */
  readonly finding: ConnectionFinding | null;
  /** `SHA256:…` of the key that the host showed; what `trust-host-key` pins. */
  readonly shownFingerprint: string | null;
  /** What was tried before this test, and how it went. */
  readonly tried: { readonly fix: WorkerFix; readonly failure: Failure | null } | null;
}

/** What became of one harmless command whose whole output is known beforehand. */
export interface CommandSeen {
  /** Printable lines on standard output before and after our answer; all of it when ours is not there. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Printable lines on standard error. */
  readonly errors: readonly string[];
  readonly hasAnswer: boolean;
  /** Null when it was cut off or did not end in time. */
  readonly exitCode: number | null;
  readonly isInTime: boolean;
}

/** What was seen on the way; null or empty where it did not come so far. Texts of the host are printable and bounded. */
export interface ConnectionSeen {
  readonly keyText: KeyTextKind | null;
  readonly hasPassphrase: boolean;
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly keyType: string | null;
  readonly publicKey: string | null;
  readonly address: string | null;
  /** The line with which it named itself, or the first bytes of whatever it said instead. */
  readonly greeting: string;
  readonly knownFingerprint: string | null;
  readonly shownFingerprint: string | null;
  /** What the host lets us try, as it says after a refusal. */
  readonly methods: readonly string[] | null;
  /** The host took what we showed and wants more. */
  readonly isPartlyIn: boolean;
  readonly banner: string;
  readonly command: CommandSeen | null;
}

export interface ConnectionObservation {
  readonly target: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly auth: 'key' | 'password';
  };
  readonly passed: readonly { readonly layer: ConnectionLayer; readonly durationMs: number }[];
  /** Where it ended; null when all was passed, or while it is under way. */
  readonly stopped: {
    readonly layer: ConnectionLayer;
    readonly durationMs: number;
    readonly failure: Failure;
    /** Of the system (`ECONNREFUSED`, `ENOTFOUND`), empty when there is none. */
    readonly errorCode: string;
  } | null;
  readonly seen: ConnectionSeen;
}

/** What a rental service says of an instance that is rented from it. Null where it did not answer. */
export interface RentalContext {
  readonly endpoints: readonly { readonly host: string; readonly port: number }[] | null;
  /** The texts that are registered as its keys. */
  readonly keys: readonly string[] | null;
  /** The last lines that the machine wrote about itself; asked for only where it refused to let us in. */
  readonly log: readonly string[] | null;
}

/** What is kept with an instance about its connection. */
export interface KeptConnection {
  /** Of the last test, or of the one under way as far as it has come. */
  readonly report: ConnectionReport | null;
  /** To be tried before the next test. */
  readonly wantedFix: WorkerFix | null;
}
