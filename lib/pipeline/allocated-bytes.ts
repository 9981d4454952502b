import type { ListedFile } from '../model/byte-range-reader';
import type { StepContext } from './step-context';

const TIMEOUT_MS = 60_000;
const KIB = 1024;

/**
 * How much of these files already takes room on the host's disk, those included that are still arriving: a `.part` that
 * comes by several connections has its full size from the start, with holes, so the disk is asked, not the length.
 */
export async function allocatedBytes(
  { host, world, signal }: StepContext,
  folder: string,
  files: readonly ListedFile[],
): Promise<number> {
  const script = `cd ${world.shell.quote(folder)} 2>/dev/null && du -ak .`;
  const answer = await host.withSession((session) => session.exec(script, { timeoutMs: TIMEOUT_MS, signal }), signal);
  const allocated = new Map<string, number>();
  for (const line of answer.stdout.split('\n')) {
    const [, kilobytes, name] = /^(\d{1,14})\s+\.\/(.+)$/.exec(line) ?? [];
    if (kilobytes !== undefined && name !== undefined) allocated.set(name, Number(kilobytes) * KIB);
  }
  const ofFile = ({ path, sizeBytes }: ListedFile) =>
    Math.min(sizeBytes, (allocated.get(path) ?? 0) + (allocated.get(`${path}.part`) ?? 0));
  return files.reduce((sum, file) => sum + ofFile(file), 0);
}
