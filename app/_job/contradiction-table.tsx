import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { FieldContradiction } from '../../lib/domain/finding';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';

interface ContradictionTableProps {
  readonly contradictions: readonly FieldContradiction[];
  readonly patch: ConfigPatch;
}

/** What config.json says beside what the tensors prove, field by field. */
export function ContradictionTable({ contradictions, patch }: ContradictionTableProps) {
  const named = new Set(contradictions.map((one) => one.field));
  const others = Object.entries(patch).filter(([field]) => !named.has(field));
  return (
    // On a phone it takes the room under the icon as well.
    <div className="mt-3 overflow-hidden rounded-lg border bg-surface text-ink max-sm:-ml-7.5">
      <DataTable
        label="config.json against the tensors"
        head={
          <>
            <HeadCell>Field</HeadCell>
            <HeadCell className="max-sm:whitespace-normal">config.json says</HeadCell>
            <HeadCell className="max-sm:whitespace-normal">Tensors say</HeadCell>
            <HeadCell className="max-sm:hidden">Proving tensor</HeadCell>
          </>
        }
      >
        {contradictions.map((one) => (
          <tr key={one.field}>
            <Cell className="font-mono text-xs">
              {one.field}
              <span className="mt-0.5 block break-all text-ink-muted sm:hidden">
                {one.tensor} [{one.shape.join(', ')}]
              </span>
            </Cell>
            <Cell className="figures text-bad">
              <del>{String(one.configured ?? 'nothing')}</del>
            </Cell>
            <Cell className="figures font-semibold text-ok">{String(one.actual)}</Cell>
            <Cell className="font-mono text-ink-muted text-xs max-sm:hidden">
              {one.tensor} <span className="figures">[{one.shape.join(', ')}]</span>
            </Cell>
          </tr>
        ))}
        {others.map(([field, value]) => (
          <tr key={field}>
            <Cell className="font-mono text-xs">{field}</Cell>
            <Cell className="text-ink-faint">follows from the above</Cell>
            <Cell className="figures font-semibold text-ok">{String(value)}</Cell>
            <Cell className="max-sm:hidden" />
          </tr>
        ))}
      </DataTable>
    </div>
  );
}
