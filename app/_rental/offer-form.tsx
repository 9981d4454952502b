import { QUANTIZATION_TYPES } from '../../lib/domain/quantization-types';
import { Button } from '../_ui/button';
import { Card } from '../_ui/card';
import { Checkbox, Field, Select, TextInput } from '../_ui/field';
import { OFFER_SORTS, type OfferFilter, type OfferSort } from './offer-filter';

const USUAL = new Set<string>(['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'IQ4_XS', 'Q3_K_M', 'Q2_K']);

const SORT_WORDS: Readonly<Record<OfferSort, string>> = {
  best: 'Best for this job',
  cost: 'Cost of the job',
  time: 'Time until done',
  hourly: 'Price per hour',
};

interface OfferFormProps {
  readonly action: string;
  readonly filter: OfferFilter;
  readonly countries: readonly string[];
}

/** What to make and what to look for; it becomes the address, so it can be shared and gone back to. */
export function OfferForm({ action, filter, countries }: OfferFormProps) {
  const types = QUANTIZATION_TYPES.filter((type) => USUAL.has(type) || filter.outputs.includes(type));
  const places = [...new Set([...countries, ...(filter.country === null ? [] : [filter.country])])].sort();
  return (
    <Card title="The job">
      <form action={action} className="space-y-5" key={JSON.stringify(filter)}>
        <fieldset>
          <legend className="mb-1.5 font-medium">Files to make</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {types.map((type) => (
              <label key={type} className="flex min-h-6 items-center gap-2 font-mono text-xs">
                <input
                  type="checkbox"
                  name="types"
                  value={type}
                  defaultChecked={filter.outputs.includes(type)}
                  className="size-4 accent-accent"
                />
                {type}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          <Field id="sort" label="Order">
            <Select id="sort" name="sort" defaultValue={filter.sort}>
              {OFFER_SORTS.map((sort) => (
                <option key={sort} value={sort}>
                  {SORT_WORDS[sort]}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="country" label="Country">
            <Select id="country" name="country" defaultValue={filter.country ?? ''}>
              <option value="">Anywhere</option>
              {places.map((place) => (
                <option key={place}>{place}</option>
              ))}
            </Select>
          </Field>
          <Field id="line" label="Least download, Mbit/s">
            <TextInput id="line" name="line" type="number" min={100} step={50} defaultValue={filter.leastLineMbits} />
          </Field>
          <Field id="most" label="Most it may cost, $">
            <TextInput id="most" name="most" type="number" min={0} step="any" defaultValue={filter.mostUsd ?? ''} />
          </Field>
        </div>
        <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
          <div className="flex flex-wrap gap-x-8 gap-y-3">
            <Checkbox
              name="datacenter"
              value="1"
              defaultChecked={filter.isDatacenterOnly}
              label="Data centers only"
              hint="No machines in homes: for private weights."
            />
          </div>
          <Button type="submit" look="primary">
            Apply
          </Button>
        </div>
      </form>
    </Card>
  );
}
