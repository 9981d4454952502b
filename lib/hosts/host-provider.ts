import type { InstanceKind } from '../domain/instance';

/** How to reach one instance right now. */
export interface ReachableInstance {
  readonly id: string;
  readonly kind: InstanceKind;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Secret. */
  readonly auth:
    | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase?: string }
    | { readonly kind: 'password'; readonly password: string };
  /** `SHA256:…` that the host must show; null before first contact. */
  readonly hostKeyFingerprint: string | null;
}

/** Something that has instances: this machine, and in time rental services. */
export interface HostProvider {
  readonly kind: InstanceKind;
  list(): Promise<readonly ReachableInstance[]>;
  /** Null when it has no instance of this id. */
  find(instanceId: string): Promise<ReachableInstance | null>;
}
