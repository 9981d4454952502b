'use client';
import { unstable_rethrow } from 'next/navigation';
import { type FormEvent, startTransition, useActionState, useEffect, useRef } from 'react';
import type { Failure } from '../../lib/domain/failure';
import type { ActionResult, FormAction } from '../_actions/action-result';

export interface FormState<T> {
  readonly result: ActionResult<T> | null;
  /** Why the action refused or failed; null when it did not, or was not run yet. */
  readonly failure: Failure | null;
  /** What is wrong with single fields, by the field's name. */
  readonly errors: Readonly<Record<string, string>>;
  readonly isPending: boolean;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** Runs the action without a form. */
  readonly run: (fields: Readonly<Record<string, string>>) => void;
}

/**
 * A form around a server action that keeps what was typed. React empties a form whose `action` has run, and a request
 * that never arrived would end in the error page: here both become an answer beside the fields.
 */
export function useFormAction<T>(action: FormAction<T>, onDone?: (data: T) => void): FormState<T> {
  const [result, dispatch, isPending] = useActionState(async (previous: ActionResult<T> | null, form: FormData) => {
    try {
      return await action(previous, form);
    } catch (error) {
      unstable_rethrow(error);
      return unreachable<T>(error);
    }
  }, null);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    if (result?.ok) done.current?.(result.data);
  }, [result]);

  const send = (form: FormData) => startTransition(() => dispatch(form));
  const refusal = result?.ok ? null : result;
  return {
    result,
    failure: refusal?.failure ?? null,
    errors: refusal?.fields ?? {},
    isPending,
    onSubmit: (event) => {
      event.preventDefault();
      send(new FormData(event.currentTarget));
    },
    run: (fields) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      send(form);
    },
  };
}

function unreachable<T>(error: unknown): ActionResult<T> {
  return {
    ok: false,
    fields: {},
    failure: {
      code: 'internal',
      message: 'The dashboard did not answer, so nothing was changed.',
      remedy:
        'Look whether it still runs and whether this device has a network, then try again. What you typed is kept.',
      evidence: [error instanceof Error ? error.message : String(error)],
      isTransient: true,
    },
  };
}
