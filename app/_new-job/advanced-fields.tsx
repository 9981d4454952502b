'use client';
import { BASE_TYPES } from '../../lib/domain/conversion-spec';
import { Checkbox, describedBy, Field, Select, TextInput } from '../_ui/field';

/** What is right for nearly everybody as it stands. */
export function AdvancedFields({ errors }: { readonly errors: Readonly<Record<string, string>> }) {
  return (
    <div className="space-y-4">
      <Field id="name" label="Name" hint="For lists. Empty: the model’s name." error={errors['name']}>
        <TextInput
          id="name"
          name="name"
          maxLength={120}
          autoComplete="off"
          {...describedBy('name', true, errors['name'])}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          id="baseType"
          label="Base type"
          hint="What every quantization is made from. Automatic follows the checkpoint."
          error={errors['baseType']}
        >
          <Select
            id="baseType"
            name="baseType"
            defaultValue="auto"
            {...describedBy('baseType', true, errors['baseType'])}
          >
            {BASE_TYPES.map((type) => (
              <option key={type} value={type}>
                {type === 'auto' ? 'Automatic' : type}
              </option>
            ))}
          </Select>
        </Field>
        <Field id="threads" label="Threads" hint="Empty: as many as the host has cores." error={errors['threads']}>
          <TextInput
            id="threads"
            name="threads"
            inputMode="numeric"
            placeholder="automatic"
            autoComplete="off"
            {...describedBy('threads', true, errors['threads'])}
          />
        </Field>
      </div>
      <Checkbox
        name="bringHome"
        value="yes"
        defaultChecked
        label="Bring the files home"
        hint="Copies verified files to the dashboard’s disk and hashes them again."
      />
    </div>
  );
}
