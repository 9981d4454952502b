import { formatBytes } from '../../domain/bytes';
import { FailureError } from '../../domain/failure';
import type { HostFacts } from '../../domain/instance';
import { TOOLCHAIN_BYTES } from '../../model/disk-plan';
import { isOpen } from '../ledger-port';
import { markerFailure } from '../marker-line';
import { Script } from '../script';
import type { PreparedHost, StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

const CHECK_TIMEOUT_MS = 60_000;

/**
 * Makes sure that the host can do the work: it is Linux or macOS, has room, and has the pinned llama.cpp with its Python
 * side, found or installed.
 */
export const prepareHost: StepDefinition = {
  kind: 'prepare-host',

  async check(context: StepContext): Promise<CheckResult> {
    const { toolchain, ledger, probe } = context.world;
    const program = await toolchain.check({ givenPath: await givenPath(context) });
    const script = withEnvironment(context, program);
    const { signal } = context;
    const [answer, facts] = await context.host.withSession(
      (session) =>
        Promise.all([
          session.exec('sh -s -- --check', { stdin: script, timeoutMs: CHECK_TIMEOUT_MS, signal }),
          probe.resources(session),
        ]),
      signal,
    );
    const installed = answer.exitCode === 0 ? toolchain.parseManifest(answer.stdout) : null;
    if (!installed) {
      const tail = await context.log.tail(0, 64 * 1024);
      const failure = markerFailure(tail);
      return failure ? { done: false, failure } : { done: false };
    }
    await ledger.recordToolchain(context.lease, installed.view);
    const prepared: PreparedHost = { ...installed, cores: facts.cores };
    return { done: true, result: prepared };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain, probe } = context.world;
    // One that has begun was let in, and takes the room that it is asked for here.
    if (!isOpen(context.step.attempt))
      refuseUnfit(await context.host.withSession((session) => probe.resources(session), context.signal));
    const program = await toolchain.prepare({ givenPath: await givenPath(context) });
    return {
      kind: 'remote',
      script: program.script,
      environment: program.environment,
      progress: toolchain.prepareProgress(),
      explain: (tail) => markerFailure(tail),
    };
  },
};

async function givenPath(context: StepContext): Promise<string | null> {
  return (await context.world.instances.find(context.host.instanceId)).toolchainPath;
}

/** Settings first, then the script itself; all of it travels on standard input, so nothing shows up in `ps`. */
function withEnvironment(
  context: StepContext,
  program: { script: string; environment: Record<string, string> },
): string {
  const settings = new Script(context.world.shell);
  for (const [name, value] of Object.entries(program.environment))
    settings.raw(`export ${name}=${settings.quote(value)}`);
  return `${settings}set +eu\n${program.script}`;
}

function refuseUnfit(facts: Pick<HostFacts, 'os' | 'kernel' | 'diskFreeBytes'>): void {
  if (facts.os !== null && facts.kernel !== null && !/^(linux|darwin)\b/i.test(facts.kernel)) {
    throw new FailureError(
      'host-unsupported',
      `This host runs ${facts.os}. Quantdeck's work on a host needs Linux or macOS.`,
      {
        remedy:
          'Use a machine that runs one of them: a rented one, a Mac, or WSL 2 on Windows with an SSH server in it.',
        evidence: [`kernel: ${facts.kernel}`],
      },
    );
  }
  if (facts.diskFreeBytes !== null && facts.diskFreeBytes < TOOLCHAIN_BYTES / 10) {
    throw new FailureError(
      'host-disk-too-small',
      `The host has ${formatBytes(facts.diskFreeBytes)} of free disk; llama.cpp and its Python side need up to ${formatBytes(TOOLCHAIN_BYTES)}.`,
      { remedy: 'Free some space on the host, or use one with a larger disk, then retry.' },
    );
  }
}
