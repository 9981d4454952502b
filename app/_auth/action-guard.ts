import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import { FailureError, isFailureError, toFailure } from '../../lib/domain/failure';
import { allowedOrigins } from '../../lib/store/access-views';
import type { SessionView } from '../../lib/store/session-views';
import type { ActionResult } from '../_actions/action-result';
import { FormError, fieldsOfFailure } from '../_actions/form-error';
import { requireSession } from './require-session';

/**
 * Runs a server action for somebody who is logged in. What fails becomes an answer, never an exception, so that the form
 * keeps what was typed.
 */
export async function runAction<T>(work: (session: SessionView) => Promise<T>): Promise<ActionResult<T>> {
  const session = await requireSession();
  return guarded(() => work(session));
}

/** The same for the two actions that come before a session: log in and set up. */
export async function runOpenAction<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  return guarded(work);
}

async function guarded<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    await requireOwnOrigin();
    return { ok: true, data: await work() };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof FormError) return { ok: false, fields: error.fields, failure: formFailure(error.fields) };
    if (!isFailureError(error)) console.error('a server action failed', error);
    const failure = toFailure(error);
    return { ok: false, fields: fieldsOfFailure(failure), failure };
  }
}

/** Next compares Origin with Host only when there is an Origin; a request without one is no form of ours. */
async function requireOwnOrigin(): Promise<void> {
  const origin = (await headers()).get('origin');
  if (origin !== null && allowedOrigins().includes(origin)) return;
  throw new FailureError(
    'origin-refused',
    `The request came from ${origin ?? 'no origin at all'}, which is not an address of this dashboard.`,
    {
      remedy: 'Open the dashboard at the address that its console shows.',
    },
  );
}

function formFailure(fields: Readonly<Record<string, string>>) {
  return new FailureError('invalid-input', Object.values(fields).join(' '), {
    remedy: 'Correct it and send the form again.',
  }).failure;
}
