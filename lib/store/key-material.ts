/** A key pair whose halves were checked by whoever can read keys (lib/ssh). */
export interface KeyMaterial {
  readonly publicKey: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** Secret. */
  readonly privateKey: string;
  /** Secret; only when the private key is protected by it. */
  readonly passphrase?: string | undefined;
}
