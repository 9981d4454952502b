'use client';
import { RENTAL_AFTERWARDS, type RentalTerms } from '../../lib/domain/rental';
import { RENTAL_AFTERWARDS_COPY } from '../_copy/rental-state-copy';
import { Checkbox, describedBy, Field, Select } from '../_ui/field';
import { AmountField } from './amount-field';
import { hoursText, usdText } from './rent-plan';

interface RentFieldsProps {
  readonly terms: RentalTerms;
  readonly errors: Readonly<Record<string, string>>;
}

/** The limits that a person agrees to, as proposed and open to change. */
export function RentFields({ terms, errors }: RentFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <AmountField
        id="mostUsd"
        label="Budget, $"
        hint="For all machines together. Reaching it ends the job and brings home what is finished, for at most a fifth more; then the machine is given back, or stopped if you want to keep it or a file is only there."
        value={usdText(terms.mostNanoUsd)}
        error={errors['mostUsd']}
      />
      <AmountField
        id="mostUsdPerHour"
        label="Most per hour, $"
        hint="Machine and disk. A dearer machine is never taken."
        value={usdText(terms.mostNanoUsdPerHour)}
        error={errors['mostUsdPerHour']}
      />
      <AmountField
        id="mostHours"
        label="Deadline, hours"
        hint="From now on. Reaching it ends the job the same way. Both can be extended later."
        value={hoursText(terms.mostMs)}
        error={errors['mostHours']}
      />
      <AmountField
        id="mostTries"
        label="Machines to try"
        hint="One after the other, if one does not come up."
        value={String(terms.mostTries)}
        error={errors['mostTries']}
      />
      <Field
        id="afterwards"
        label="When it is done"
        className="sm:col-span-2"
        hint={RENTAL_AFTERWARDS.map(
          (each) => `${RENTAL_AFTERWARDS_COPY[each].word}: ${RENTAL_AFTERWARDS_COPY[each].meaning}`,
        ).join(' ')}
        error={errors['afterwards']}
      >
        <Select
          id="afterwards"
          name="afterwards"
          defaultValue={terms.afterwards}
          {...describedBy('afterwards', true, errors['afterwards'])}
        >
          {RENTAL_AFTERWARDS.map((each) => (
            <option key={each} value={each}>
              {RENTAL_AFTERWARDS_COPY[each].word}
            </option>
          ))}
        </Select>
      </Field>
      <Checkbox
        name="isDatacenterOnly"
        value="1"
        defaultChecked={terms.isDatacenterOnly}
        label="Data centers only"
        hint="Also for a machine that is taken because the first did not come up."
        className="sm:col-span-2"
      />
      <input type="hidden" name="countries" value={terms.countries.join(',')} />
      <input type="hidden" name="leastDownBitsPerSecond" value={terms.leastDownBitsPerSecond} />
    </div>
  );
}
