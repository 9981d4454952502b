'use client';
import { DEVICE_PROFILES, type DeviceProfile } from '../../lib/model/device-profiles';
import { Field, Select, TextInput } from '../_ui/field';
import { OWN_DEVICE_ID, ownDevice } from './use-device';

const GIB = 1024 ** 3;

interface DeviceChoiceProps {
  readonly device: DeviceProfile;
  readonly onDevice: (device: DeviceProfile) => void;
  readonly contexts: readonly number[];
  readonly contextTokens: number;
  readonly onContext: (tokens: number) => void;
}

/** The device that the files are for, and how long the conversations will be. */
export function DeviceChoice({ device, onDevice, contexts, contextTokens, onContext }: DeviceChoiceProps) {
  const memoryGib = Math.round(device.memoryBytes / GIB);
  const graphicsGib = Math.round((device.graphicsBytes ?? 0) / GIB);
  return (
    <div className="grid gap-4 border-b px-4 py-4 sm:grid-cols-2 sm:px-5 lg:grid-cols-4">
      <Field id="device" label="My device" className="lg:col-span-2">
        <Select
          id="device"
          value={device.id}
          onChange={(event) =>
            onDevice(
              DEVICE_PROFILES.find((profile) => profile.id === event.target.value) ?? ownDevice(memoryGib, graphicsGib),
            )
          }
        >
          {DEVICE_PROFILES.map((profile) => (
            <option key={profile.id} value={profile.id}>
              {profile.name}
            </option>
          ))}
          <option value={OWN_DEVICE_ID}>Another one …</option>
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
      {device.id === OWN_DEVICE_ID ? (
        <div className="flex gap-3 sm:col-span-2 lg:col-span-4">
          <Gigabytes
            id="memory"
            label="Memory, GB"
            value={memoryGib}
            onValue={(gib) => onDevice(ownDevice(gib, graphicsGib))}
          />
          <Gigabytes
            id="graphics"
            label="Graphics card, GB (0 for none)"
            value={graphicsGib}
            onValue={(gib) => onDevice(ownDevice(memoryGib, gib))}
          />
        </div>
      ) : null}
    </div>
  );
}

interface GigabytesProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly onValue: (gib: number) => void;
}

function Gigabytes({ id, label, value, onValue }: GigabytesProps) {
  return (
    <Field id={id} label={label} className="max-w-56 flex-1">
      <TextInput
        id={id}
        type="number"
        inputMode="numeric"
        min={0}
        max={2048}
        value={value}
        onChange={(event) => onValue(Number(event.target.value))}
      />
    </Field>
  );
}
