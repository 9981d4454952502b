'use client';
import type { ReactNode } from 'react';
import type { FormAction } from '../_actions/action-result';
import { FailureNotice } from '../_copy/failure-notice';
import { Button } from '../_ui/button';
import { Dialog } from '../_ui/dialog';
import { SubmitButton } from '../_ui/submit-button';
import { useFormAction } from './use-form-action';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone?: () => void;
  readonly title: string;
  readonly action: FormAction<unknown>;
  readonly fields: Readonly<Record<string, string>>;
  /** The verb: "Cancel job". */
  readonly confirm: string;
  /** What is asked inside is not answered yet. */
  readonly disabled?: boolean;
  /** The way out: "Keep running". */
  readonly keep: string;
  readonly children: ReactNode;
}

/** Asks before something that cannot be taken back; what goes wrong is said inside the dialog. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const form = useFormAction(props.action, () => {
    props.onClose();
    props.onDone?.();
  });
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title}>
      <div className="text-ink-muted">{props.children}</div>
      {form.failure ? (
        <div className="mt-3">
          <FailureNotice failure={form.failure} />
        </div>
      ) : null}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={props.onClose}>{props.keep}</Button>
        <SubmitButton
          look="danger"
          type="button"
          isPending={form.isPending}
          disabled={props.disabled}
          onClick={() => form.run(props.fields)}
        >
          {props.confirm}
        </SubmitButton>
      </div>
    </Dialog>
  );
}
