import type { HubOptions } from '../hub/create-hub';
import { readSecret } from '../store/secret-store';
import { HUB_TOKEN_OWNER } from '../store/settings-store';
import { readSettings } from '../store/settings-views';
import type { PrepareOptions } from '../toolchain/prepare-script';
import type { ServerEnv } from './env';

export interface EffectiveSettings {
  readonly hub: HubOptions;
  readonly toolchain: PrepareOptions;
}

/** What holds now: a setting made on the settings page wins over the environment, which wins over the built-in value. */
export async function readEffectiveSettings(env: ServerEnv): Promise<EffectiveSettings> {
  const settings = await readSettings();
  const token = settings.hfTokenSet ? await readSecret(HUB_TOKEN_OWNER) : env.hubToken;
  const values = {
    givenToolchainPath: env.toolchainPath,
    releaseBase: settings.releaseBase ?? env.llamaReleases,
    sourceBases: settings.sourceBase ? [settings.sourceBase] : env.llamaSources,
    npmRegistry: settings.npmRegistry ?? env.npmRegistry,
    pipIndexUrl: settings.pipIndexUrl ?? env.pipIndexUrl,
    pipConstraints: settings.pipConstraints ?? env.pipConstraints,
    pipExtraArgs: env.pipExtraArgs?.split(/\s+/).filter(Boolean),
    torchRequirements: env.torchRequirements?.split(/\s+/).filter(Boolean),
  };
  const toolchain = Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
  return { hub: { endpoint: settings.hfEndpoint ?? env.hubEndpoint, token }, toolchain: toolchain as PrepareOptions };
}
