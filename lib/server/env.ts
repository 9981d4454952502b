import * as z from 'zod';
import { newPasswordSchema } from '../commands/account-rules';
import { FailureError } from '../domain/failure';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost']);

const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
  .transform((text) => text.replace(/\/+$/, ''));
const urlList = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((url) => url !== ''))
  .pipe(z.array(webUrl));
/** pip splits its variables at blanks. */
const pipConstraintsSchema = z
  .string()
  .max(1000)
  .regex(/^(\/|https?:\/\/)\S+$/, 'must be an absolute path or a URL, without blanks');
const absolutePath = z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'must be an absolute path');

const schema = z.object({
  PORT: z.coerce.number('must be a port number').int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  QUANTDECK_DATA_DIR: z.string().default('./data'),
  QUANTDECK_ADMIN_PASSWORD: newPasswordSchema.optional(),
  QUANTDECK_API_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'must have 16 to 256 visible ASCII characters without blanks')
    .optional(),
  QUANTDECK_PUBLIC_URL: webUrl
    .refine((url) => new URL(url).pathname === '/', 'must have no path: Quantdeck lives at the root of its host')
    .optional(),
  HF_ENDPOINT: webUrl.default('https://huggingface.co'),
  HF_TOKEN: z.string().max(1024).optional(),
  VAST_URL: webUrl.refine((url) => new URL(url).pathname === '/', 'must have no path').optional(),
  VAST_API_KEY: z.string().max(512).optional(),
  QUANTDECK_LLAMA_RELEASES: webUrl.optional(),
  QUANTDECK_LLAMA_SOURCES: urlList.optional(),
  QUANTDECK_NPM_REGISTRY: webUrl.optional(),
  QUANTDECK_PIP_INDEX_URL: webUrl.optional(),
  QUANTDECK_PIP_CONSTRAINTS: pipConstraintsSchema.optional(),
  QUANTDECK_PIP_EXTRA_ARGS: z.string().max(4096).optional(),
  QUANTDECK_TORCH_REQUIREMENTS: z.string().max(4096).optional(),
  QUANTDECK_TOOLCHAIN_PATH: absolutePath.optional(),
  QUANTDECK_HOME: absolutePath.optional(),
});

/** The settings of this process. Absent means "not set", so that each user of a setting has its own default. */
export interface ServerEnv {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  readonly adminPassword: string | null;
  readonly apiToken: string | null;
  /** Origin under which browsers reach us, e.g. behind a proxy; no trailing slash. */
  readonly publicUrl: string | null;
  readonly hubEndpoint: string;
  readonly hubToken: string | null;
  /** Where vast.ai is; null for the service itself. Anything else gets test keys only. */
  readonly vastUrl: string | null;
  readonly vastApiKey: string | null;
  readonly llamaReleases: string | null;
  readonly llamaSources: readonly string[];
  readonly npmRegistry: string | null;
  readonly pipIndexUrl: string | null;
  /** A constraints file of pip: a path on the host, or an address. */
  readonly pipConstraints: string | null;
  readonly pipExtraArgs: string | null;
  readonly torchRequirements: string | null;
  readonly toolchainPath: string | null;
  /** Home folder of "This machine" instead of the user's own. */
  readonly thisMachineHome: string | null;
}

/**
 * Reads the environment. Empty variables count as not set. Throws `invalid-input` with one line of evidence for each
 * variable that is wrong; values are never repeated, some of them are secrets.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>): ServerEnv {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  const problems = parsed.success ? bindProblems(parsed.data) : parsed.error.issues.map(describeIssue);
  if (!parsed.success || problems.length > 0) {
    throw new FailureError('invalid-input', `${problems.length} of the environment variables cannot be used.`, {
      remedy: 'Correct or unset them and start again.',
      evidence: problems,
    });
  }
  return toServerEnv(parsed.data);
}

/** Everything that must not reach a log or an answer, the passwords in addresses among it. */
export function secretsOf(env: ServerEnv): string[] {
  const secrets = [env.adminPassword, env.apiToken, env.hubToken, env.vastApiKey].filter((secret) => secret !== null);
  const addresses = [
    ...[env.hubEndpoint, env.llamaReleases, ...env.llamaSources, env.npmRegistry, env.pipIndexUrl],
    ...[env.pipConstraints, env.pipExtraArgs, env.torchRequirements],
  ];
  return [...secrets, ...passwordsIn(addresses.join(' '))];
}

/** What stands between `//` and `@`: `user:password` and a token alone. As written and decoded: tools print either. */
function passwordsIn(text: string): string[] {
  return [...text.matchAll(/\/\/([^\s/@]+)@/g)].flatMap(([, login = '']) => {
    const written = login.slice(login.indexOf(':') + 1);
    return [...new Set([written, decoded(written)])].filter((password) => password !== '');
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Origins that browsers may have: loopback names at the port we listen on, and the public URL. */
export function allowedOriginsOf(env: Pick<ServerEnv, 'publicUrl'>, port: number): string[] {
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}:${port}`);
  return env.publicUrl === null ? loopback : [...loopback, new URL(env.publicUrl).origin];
}

/** True when browsers reach us over HTTPS: cookies get `Secure` and the `__Host-` prefix. */
export function isSecureOrigin(env: Pick<ServerEnv, 'publicUrl'>): boolean {
  return env.publicUrl?.startsWith('https://') ?? false;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
}

/** A dashboard with shell access to hosts is not put on a network by accident, nor without a name to check `Host` by. */
function bindProblems(env: z.infer<typeof schema>): string[] {
  if (LOOPBACK_HOSTS.has(env.HOST) || env.QUANTDECK_PUBLIC_URL !== undefined) return [];
  return [
    `HOST: ${env.HOST.slice(0, 100)} is reachable from other machines, so QUANTDECK_PUBLIC_URL must say under which URL browsers will open Quantdeck`,
  ];
}

function toServerEnv(env: z.infer<typeof schema>): ServerEnv {
  return {
    port: env.PORT,
    host: env.HOST,
    dataFolder: env.QUANTDECK_DATA_DIR,
    adminPassword: env.QUANTDECK_ADMIN_PASSWORD ?? null,
    apiToken: env.QUANTDECK_API_TOKEN ?? null,
    publicUrl: env.QUANTDECK_PUBLIC_URL ?? null,
    hubEndpoint: env.HF_ENDPOINT,
    hubToken: env.HF_TOKEN ?? null,
    vastUrl: env.VAST_URL ?? null,
    vastApiKey: env.VAST_API_KEY ?? null,
    llamaReleases: env.QUANTDECK_LLAMA_RELEASES ?? null,
    llamaSources: env.QUANTDECK_LLAMA_SOURCES ?? [],
    npmRegistry: env.QUANTDECK_NPM_REGISTRY ?? null,
    pipIndexUrl: env.QUANTDECK_PIP_INDEX_URL ?? null,
    pipConstraints: env.QUANTDECK_PIP_CONSTRAINTS ?? null,
    pipExtraArgs: env.QUANTDECK_PIP_EXTRA_ARGS ?? null,
    torchRequirements: env.QUANTDECK_TORCH_REQUIREMENTS ?? null,
    toolchainPath: env.QUANTDECK_TOOLCHAIN_PATH ?? null,
    thisMachineHome: env.QUANTDECK_HOME ?? null,
  };
}
