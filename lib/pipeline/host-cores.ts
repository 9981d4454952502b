import type { HostSession } from './host-port';
import type { StepContext } from './step-context';

const known = new WeakMap<HostSession, Promise<number | null>>();

/**
 * How many cores the job's host has, asked once a connection: the facts cost a fifth of a second, more than a whole check
 * of a file, and this one does not change while a job runs. Null when the host does not say.
 */
export function hostCores(context: StepContext): Promise<number | null> {
  return context.host.withSession((session) => {
    const asked = known.get(session) ?? context.world.probe.facts(session).then(({ cores }) => cores);
    known.set(session, asked);
    // A failed question is asked again.
    asked.catch(() => known.delete(session));
    return asked;
  }, context.signal);
}
