import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { ComponentProps } from 'react';
import { Button } from './button';

interface SubmitButtonProps extends ComponentProps<typeof Button> {
  readonly isPending: boolean;
  readonly pendingText?: string;
}

/** A button that says that it works while its action runs, and cannot be pressed twice. */
export function SubmitButton({ children, isPending, pendingText, ...rest }: SubmitButtonProps) {
  return (
    <Button look="primary" type="submit" {...rest} disabled={isPending || rest.disabled} aria-busy={isPending}>
      {isPending ? <LoaderCircle size={15} aria-hidden className="animate-spin" /> : null}
      {isPending && pendingText ? pendingText : children}
    </Button>
  );
}
