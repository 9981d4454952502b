import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cachedPath } from './installed-toolchain';

export interface RememberedKey {
  /** SHA-256 of the installed toolchain's manifest and the inputs. */
  readonly key: string;
  /** False in the nightly run, and where no manifest says what is installed: then everything is asked and made anew. */
  readonly isTrusted: boolean;
}

/**
 * The name of what was remembered of some inputs for the installed toolchain. With QUANTDECK_NIGHTLY=1 nothing remembered
 * is used, and what comes out takes its place: a wrong memory is found within a day.
 */
export async function rememberedKey(inputs: readonly unknown[]): Promise<RememberedKey> {
  const manifest = cachedPath('toolchains', 'v0.5.0', 'toolchain.json');
  const toolchain = manifest && (await readFile(manifest, 'utf8'));
  const key = createHash('sha256')
    .update(JSON.stringify([toolchain, ...inputs]))
    .digest('hex');
  return { key, isTrusted: toolchain !== null && process.env['QUANTDECK_NIGHTLY'] !== '1' };
}
