import { earlierResults } from './earlier-results';
import type { StepContext } from './step-context';

const LOOK_AGAIN_MS = 2000;

/**
 * Prints the path of a Python that the fetch program can use (3.8, standard library alone). A command by ssh does not know
 * Homebrew, and without Apple's command line tools a Mac's own python3 is a stub that opens a window.
 */
const FIND_PYTHON = `stubs=/nowhere
if [ "$(uname -s)" = Darwin ]; then
  PATH=$PATH:/opt/homebrew/bin:/usr/local/bin
  xcode-select -p >/dev/null 2>&1 || stubs=/usr/bin
fi
for name in python3 python3.12 python3.11 python3.13 python3.10 python3.14 python; do
  place=$(command -v "$name") || continue
  case $place in "$stubs"/*) continue ;; esac
  found=$("$name" -c 'import sys; print(sys.executable if sys.version_info >= (3, 8) else "")' 2>/dev/null) || continue
  case $found in /*) printf '%s\\n' "$found"; exit 0 ;; esac
done
exit 1`;

/**
 * The Python that fetches: of the toolchain when that is there already, else any that the host has, so that a download
 * need not wait for an installation. On a host without any it waits for the one that preparing the host brings; when that
 * fails, the job ends and so does the waiting.
 */
export async function pythonForFetch(context: StepContext): Promise<string> {
  const { world, signal } = context;
  for (let look = 0; ; look += 1) {
    const { toolchain } = earlierResults((await world.ledger.loadJob(context.jobId)).steps);
    if (toolchain !== null) return toolchain.python;
    const answer = await context.host.withSession((session) => session.exec(FIND_PYTHON, { signal }), signal);
    const found = answer.stdout.trim();
    if (answer.exitCode === 0 && found.startsWith('/') && !found.includes('\n')) return found;
    if (look === 0) await context.log.line('This host has no Python yet. The download waits for its preparation.');
    await world.clock.sleep(LOOK_AGAIN_MS, signal);
  }
}
