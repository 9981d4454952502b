'use client';
import { useRouter } from 'next/navigation';
import type { DeviceView } from '../../lib/domain/device';
import { saveDeviceAction } from '../_actions/device-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { Checkbox, describedBy, Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';
import { gigabytes } from './device-words';

interface DeviceFormProps {
  /** The device to change; null for a new one. */
  readonly device: DeviceView | null;
  /** Fits are judged for it from then on. */
  readonly makesDefault?: boolean;
  readonly onDone: (deviceId: string) => void;
  readonly onCancel: () => void;
}

/** A computer described by its memory: all that decides which file it can run. */
export function DeviceForm({ device, makesDefault = false, onDone, onCancel }: DeviceFormProps) {
  const router = useRouter();
  const form = useFormAction(saveDeviceAction, ({ deviceId }) => {
    onDone(deviceId);
    router.refresh();
  });
  const { errors } = form;
  const failure = unplacedFailure(form.result, ['name', 'memoryBytes', 'graphicsBytes']);
  return (
    <form onSubmit={form.onSubmit} noValidate aria-label="Device" className="space-y-3">
      <input type="hidden" name="deviceId" value={device?.id ?? ''} />
      {makesDefault ? <input type="hidden" name="makeDefault" value="yes" /> : null}
      <Field id="deviceName" label="Name of the device" error={errors['name']}>
        <TextInput
          id="deviceName"
          name="name"
          defaultValue={device?.name ?? 'My computer'}
          maxLength={60}
          autoComplete="off"
          {...describedBy('deviceName', false, errors['name'])}
        />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field id="deviceMemory" label="Memory, GB" error={errors['memoryBytes']}>
          <TextInput
            id="deviceMemory"
            name="memoryBytes"
            inputMode="decimal"
            defaultValue={device ? gigabytes(device.memoryBytes) : 16}
            {...describedBy('deviceMemory', false, errors['memoryBytes'])}
          />
        </Field>
        <Field id="deviceGraphics" label="Graphics card, GB" hint="0 for none." error={errors['graphicsBytes']}>
          <TextInput
            id="deviceGraphics"
            name="graphicsBytes"
            inputMode="decimal"
            defaultValue={gigabytes(device?.graphicsBytes ?? 0)}
            {...describedBy('deviceGraphics', true, errors['graphicsBytes'])}
          />
        </Field>
      </div>
      <Checkbox
        name="isUnified"
        defaultChecked={device?.isUnified ?? false}
        label="Graphics share the memory"
        hint="A Mac with Apple silicon."
      />
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap gap-2">
        <SubmitButton isPending={form.isPending}>Save device</SubmitButton>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
