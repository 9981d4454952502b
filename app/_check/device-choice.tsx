'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { DeviceView } from '../../lib/domain/device';
import { chooseDeviceAction } from '../_actions/device-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { DeviceForm } from '../_devices/device-form';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { Field, Select } from '../_ui/field';

/** Not an id: those are made of letters, digits and dashes. */
const ANOTHER = '+';

interface DeviceChoiceProps {
  readonly devices: readonly DeviceView[];
  readonly device: DeviceView;
  readonly onDevice: (deviceId: string) => void;
  readonly contexts: readonly number[];
  readonly contextTokens: number;
  readonly onContext: (tokens: number) => void;
}

/** The device that the files are for, and how long the conversations will be. */
export function DeviceChoice({ devices, device, onDevice, contexts, contextTokens, onContext }: DeviceChoiceProps) {
  const router = useRouter();
  const [isDescribing, setDescribing] = useState(false);
  const choice = useFormAction(chooseDeviceAction, () => router.refresh());
  return (
    <div className="grid gap-4 border-b px-4 py-4 sm:grid-cols-2 sm:px-5 lg:grid-cols-4">
      <Field id="device" label="My device" className="lg:col-span-2">
        <Select
          id="device"
          value={isDescribing ? ANOTHER : device.id}
          onChange={(event) => {
            setDescribing(event.target.value === ANOTHER);
            if (event.target.value !== ANOTHER) onDevice(event.target.value);
          }}
        >
          {devices.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
              {one.isDefault ? ' (default)' : ''}
            </option>
          ))}
          <option value={ANOTHER}>Another one …</option>
        </Select>
      </Field>
      <Field id="context" label="Conversation">
        <Select id="context" value={contextTokens} onChange={(event) => onContext(Number(event.target.value))}>
          {contexts.map((tokens) => (
            <option key={tokens} value={tokens}>
              {tokens.toLocaleString('en-US')} tokens
            </option>
          ))}
        </Select>
      </Field>
      {device.isDefault || isDescribing ? null : (
        <div className="self-end">
          <Button disabled={choice.isPending} onClick={() => choice.run({ deviceId: device.id })}>
            Make it the default
          </Button>
        </div>
      )}
      {choice.failure ? (
        <div className="sm:col-span-2 lg:col-span-4">
          <FailureNotice failure={choice.failure} />
        </div>
      ) : null}
      {isDescribing ? (
        <div className="sm:col-span-2 lg:col-span-4">
          <DeviceForm
            device={null}
            makesDefault
            onDone={(deviceId) => {
              onDevice(deviceId);
              setDescribing(false);
            }}
            onCancel={() => setDescribing(false)}
          />
        </div>
      ) : null}
    </div>
  );
}
