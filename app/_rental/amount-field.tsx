import clsx from 'clsx';
import { describedBy, Field, TextInput } from '../_ui/field';

interface AmountFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** What is proposed; nothing for an empty field. */
  readonly value?: string;
  readonly error: string | undefined;
  /** Of the control. */
  readonly className?: string;
}

/** An amount of money or time, which a person types as a number. */
export function AmountField({ id, label, hint, value, error, className }: AmountFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <TextInput
        id={id}
        name={id}
        inputMode="decimal"
        autoComplete="off"
        defaultValue={value}
        className={clsx('figures', className)}
        {...describedBy(id, true, error)}
      />
    </Field>
  );
}
