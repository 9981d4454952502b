'use client';
import clsx from 'clsx';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { QUANTIZATIONS, type QuantizationType } from '../../lib/domain/quantization-types';
import { Card } from '../_ui/card';
import { type OutputGroup, outputGroups } from './output-groups';

interface OutputTableProps {
  readonly chosen: readonly QuantizationType[];
  readonly onChange: (chosen: readonly QuantizationType[]) => void;
  readonly error: string | undefined;
}

const GROUPS = outputGroups();

/** Every type that llama-quantize knows, to choose any number of. */
export function OutputTable({ chosen, onChange, error }: OutputTableProps) {
  const toggle = (type: QuantizationType) => {
    onChange(chosen.includes(type) ? chosen.filter((one) => one !== type) : [...chosen, type]);
  };
  const [usual, ...others] = GROUPS;
  return (
    <Card title="Outputs" aside={<span className="figures text-ink-muted text-xs">{chosen.length} chosen</span>} flush>
      <fieldset aria-describedby={error ? 'outputs-error' : undefined}>
        <legend className="sr-only">Outputs</legend>
        {usual ? <OutputRows group={usual} chosen={chosen} onToggle={toggle} /> : null}
        {others.map((group) => (
          <details key={group.title} className="group border-t">
            <summary className="flex items-center gap-2 px-4 py-2.5 hover:bg-quiet-soft/40 sm:px-5">
              <ChevronRight
                size={15}
                aria-hidden
                className="text-ink-faint transition-transform group-open:rotate-90"
              />
              <span className="shrink-0 font-medium">{group.title}</span>
              <span className="min-w-0 truncate text-ink-muted text-xs">{group.words}</span>
              <Count group={group} chosen={chosen} />
            </summary>
            <OutputRows group={group} chosen={chosen} onToggle={toggle} />
          </details>
        ))}
      </fieldset>
      {chosen.some((type) => QUANTIZATIONS[type].needsImatrix) ? (
        <p role="status" className="border-t px-4 py-3 text-ink-muted text-xs sm:px-5">
          {chosen.filter((type) => QUANTIZATIONS[type].needsImatrix).join(', ')}: so few bits need an importance matrix.
          The job measures one on the host first, with a text that comes with Quantdeck. This takes a while on a
          processor alone.
        </p>
      ) : null}
      {error ? (
        <p id="outputs-error" role="alert" className="border-t px-5 py-3 text-bad text-xs">
          {error}
        </p>
      ) : null}
    </Card>
  );
}

function Count({ group, chosen }: { readonly group: OutputGroup; readonly chosen: readonly QuantizationType[] }) {
  const count = group.types.filter((type) => chosen.includes(type)).length;
  return count === 0 ? null : <span className="ml-auto shrink-0 text-accent text-xs">{count} chosen</span>;
}

interface OutputRowsProps {
  readonly group: OutputGroup;
  readonly chosen: readonly QuantizationType[];
  readonly onToggle: (type: QuantizationType) => void;
}

function OutputRows({ group, chosen, onToggle }: OutputRowsProps) {
  return (
    <ul>
      {group.types.map((type) => {
        const info = QUANTIZATIONS[type];
        const isChosen = chosen.includes(type);
        return (
          <li key={type}>
            <label
              className={clsx(
                'grid cursor-pointer grid-cols-[auto_5.5rem_3.5rem_minmax(0,1fr)] items-center gap-x-3 px-4 py-1.5 sm:px-5',
                isChosen ? 'bg-accent-soft/40' : 'hover:bg-quiet-soft/40',
              )}
            >
              <input
                type="checkbox"
                name="outputs"
                value={type}
                checked={isChosen}
                onChange={() => onToggle(type)}
                className="size-4 accent-accent"
              />
              <span className="font-medium font-mono text-xs">{type}</span>
              <Bits bits={info.bitsPerWeight} />
              <span className="text-ink-muted text-xs">{info.note}</span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}

/** Bits per weight as a figure over a hairline of that length. */
function Bits({ bits }: { readonly bits: number }) {
  return (
    <span className="figures text-ink-muted text-xs" title={`${bits} bits per weight`}>
      {bits.toFixed(bits < 10 ? 2 : 0)} b
      <span aria-hidden className="mt-0.5 block h-0.5 rounded-full bg-quiet-soft">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.min(100, (bits / 16) * 100)}%` }}
        />
      </span>
    </span>
  );
}
