import type { Failure } from '../../lib/domain/failure';

/** What a server action answers: never an exception, so that the form it came from keeps what was typed. */
export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /** What is wrong with single fields, by the field's name. */
      readonly fields: Readonly<Record<string, string>>;
    };

/** What an action is to a form. */
export type FormAction<T> = (previous: ActionResult<T> | null, form: FormData) => Promise<ActionResult<T>>;
