import * as z from 'zod';
import type { ConnectionReport } from './connection-report';
import type { Failure } from './failure';

export const INSTANCE_KINDS = ['this-machine', 'ssh', 'rented'] as const;
export type InstanceKind = (typeof INSTANCE_KINDS)[number];

const HOST_PATTERN = /^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/;
const USER_PATTERN = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

/** The form "add an SSH host" and the body of `POST /api/v1/instances`. */
export const newInstanceSchema = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(80),
  host: z
    .string()
    .trim()
    .min(1, 'Host name or IP address.')
    .max(253)
    .regex(HOST_PATTERN, 'This is not a host name or IP address.'),
  port: z.coerce.number().int().min(1).max(65535).default(22),
  user: z.string().trim().regex(USER_PATTERN, 'This is not a user name.').default('root'),
  auth: z.enum(['key', 'password']).default('key'),
  /** Write-only. Stored encrypted; no answer of ours ever holds it. */
  password: z.string().max(1024).optional(),
  /** An imported private key in PEM or OpenSSH form; absent means Quantdeck's own ED25519 key. Write-only. */
  privateKey: z.string().max(32_768).optional(),
  passphrase: z.string().max(1024).optional(),
  /** A folder with llama.cpp's tools that is already on the host. */
  toolchainPath: z.string().trim().max(4096).optional(),
});

/** What a check of the host found. Null where the host did not say. */
export interface HostFacts {
  readonly os: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
  /** Cores that the container may use (cgroup quota), not those of the machine. */
  readonly cores: number | null;
  readonly cpuModel: string | null;
  readonly memoryTotalBytes: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly diskFreeBytes: number | null;
  readonly diskTotalBytes: number | null;
  readonly homeFolder: string | null;
  readonly pythonVersion: string | null;
  readonly glibcVersion: string | null;
  readonly gpus: readonly {
    readonly name: string;
    readonly memoryTotalBytes: number | null;
    readonly driver: string | null;
  }[];
}

export interface InstanceView {
  readonly id: string;
  readonly kind: InstanceKind;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly auth: 'key' | 'password';
  readonly toolchainPath: string | null;
  /** SHA256:… of the pinned host key, null before first contact. */
  readonly hostKeyFingerprint: string | null;
  /** The public half to put into authorized_keys. */
  readonly publicKey: string | null;
  readonly checkState: 'never' | 'requested' | 'running' | 'ok' | 'failed';
  readonly checkedAt: string | null;
  readonly facts: HostFacts | null;
  readonly failure: Failure | null;
  /** How far the last test of the connection came, and why not farther; grows while one is under way. */
  readonly connection: ConnectionReport | null;
  readonly createdAt: string;
  readonly runningJobId: string | null;
  readonly jobCount: number;
}
