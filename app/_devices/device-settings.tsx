'use client';
import Plus from 'lucide-react/icons/plus';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { DeviceView } from '../../lib/domain/device';
import { chooseDeviceAction, removeDeviceAction } from '../_actions/device-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { Field, Select } from '../_ui/field';
import { DeviceForm } from './device-form';
import { deviceLine } from './device-words';

/** The computers that files are meant for: which one counts where none is named, and those that people described. */
export function DeviceSettings({ devices }: { readonly devices: readonly DeviceView[] }) {
  const router = useRouter();
  const [edited, setEdited] = useState<DeviceView | 'new' | null>(null);
  const [removed, setRemoved] = useState<DeviceView | null>(null);
  const choice = useFormAction(chooseDeviceAction, () => router.refresh());
  const own = devices.filter((device) => !device.isBuiltIn);
  const chosen = devices.find((device) => device.isDefault);
  return (
    <div className="space-y-5">
      <Field id="defaultDevice" label="My device" hint="Sizes, verdicts and our choice of a file are for this one.">
        <Select
          id="defaultDevice"
          key={chosen?.id}
          defaultValue={chosen?.id}
          disabled={choice.isPending}
          aria-describedby="defaultDevice-hint"
          onChange={(event) => choice.run({ deviceId: event.target.value })}
        >
          {devices.map((device) => (
            <option key={device.id} value={device.id}>
              {device.name}
            </option>
          ))}
        </Select>
      </Field>
      {choice.failure ? <FailureNotice failure={choice.failure} /> : null}
      {own.length > 0 ? (
        <ul aria-label="Your own devices" className="divide-y rounded-lg border">
          {own.map((device) => (
            <li key={device.id} className="px-3.5 py-2.5">
              {edited !== 'new' && edited?.id === device.id ? (
                <DeviceForm device={device} onDone={() => setEdited(null)} onCancel={() => setEdited(null)} />
              ) : (
                <div className="flex items-center justify-between gap-3">
                  <span className="min-w-0">
                    <span className="wrap-anywhere block font-medium">{device.name}</span>
                    <span className="text-ink-muted text-xs">{deviceLine(device)}</span>
                  </span>
                  <span className="flex shrink-0 gap-2">
                    <Button size="small" onClick={() => setEdited(device)} aria-label={`Change ${device.name}`}>
                      Change
                    </Button>
                    <Button
                      size="small"
                      look="danger"
                      onClick={() => setRemoved(device)}
                      aria-label={`Remove ${device.name}`}
                    >
                      Remove
                    </Button>
                  </span>
                </div>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {edited === 'new' ? (
        <DeviceForm device={null} makesDefault onDone={() => setEdited(null)} onCancel={() => setEdited(null)} />
      ) : (
        <Button onClick={() => setEdited('new')}>
          <Plus size={15} aria-hidden />
          Add a device
        </Button>
      )}
      <ConfirmDialog
        open={removed !== null}
        onClose={() => setRemoved(null)}
        onDone={() => router.refresh()}
        title={`Remove ${removed?.name ?? ''}?`}
        action={removeDeviceAction}
        fields={{ deviceId: removed?.id ?? '' }}
        confirm="Remove device"
        keep="Keep it"
      >
        Checks stay as they are; they are judged for another device from now on.
      </ConfirmDialog>
    </div>
  );
}
