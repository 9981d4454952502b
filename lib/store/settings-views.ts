import { runtime } from './runtime';
import { DEFAULT_KEY_ID, HUB_TOKEN_OWNER, VAST_KEY_OWNER } from './settings-store';

/** What the settings page shows. Never a secret. */
export interface SettingsView {
  /** Where models come from; null means the environment's or huggingface.co. */
  readonly hfEndpoint: string | null;
  readonly hfTokenSet: boolean;
  /** Whether a key of the rental service is stored. */
  readonly vastKeySet: boolean;
  /** Quantdeck's own public key, null before the first start made it. */
  readonly publicKey: string | null;
  /** `SHA256:…` */
  readonly publicKeyFingerprint: string | null;
  /** Where llama.cpp's release archives come from; null means the built-in place. */
  readonly releaseBase: string | null;
  /** Where the source archives of those releases come from; null means the environment's or the built-in place. */
  readonly sourceBase: string | null;
  /** Python package index that hosts use; null means their own setting. */
  readonly pipIndexUrl: string | null;
  /** A constraints file of pip: an absolute path on the host, or an address. */
  readonly pipConstraints: string | null;
  /** npm registry that the toolchain's source comes from; null means the built-in place. */
  readonly npmRegistry: string | null;
}

/** All settings with their stored values. */
export async function readSettings(): Promise<SettingsView> {
  const { client } = runtime();
  const rows = await client.setting.findMany();
  const textOf = (key: string): string | null => {
    const value = rows.find((row) => row.key === key)?.value;
    return typeof value === 'string' ? value : null;
  };
  const secrets = await client.secret.findMany({
    where: { owner: { in: [HUB_TOKEN_OWNER, VAST_KEY_OWNER] } },
    select: { owner: true },
  });
  const hasSecret = (wanted: string) => secrets.some(({ owner }) => owner === wanted);
  const key = await client.sshKey.findUnique({ where: { id: DEFAULT_KEY_ID } });
  return {
    hfEndpoint: textOf('hfEndpoint'),
    hfTokenSet: hasSecret(HUB_TOKEN_OWNER),
    vastKeySet: hasSecret(VAST_KEY_OWNER),
    publicKey: key?.publicKey ?? null,
    publicKeyFingerprint: key?.fingerprint ?? null,
    releaseBase: textOf('releaseBase'),
    sourceBase: textOf('sourceBase'),
    pipIndexUrl: textOf('pipIndexUrl'),
    pipConstraints: textOf('pipConstraints'),
    npmRegistry: textOf('npmRegistry'),
  };
}
