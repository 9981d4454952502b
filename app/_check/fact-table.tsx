import clsx from 'clsx';
import { MODEL_FACTS, type ModelFact, type ModelFacts } from '../../lib/domain/model-check';
import { FACT_NAME } from '../_copy/check-display';
import { Card } from '../_ui/card';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';

/** What the tensors prove, each with the tensor that proves it. */
export function FactTable({ facts }: { readonly facts: ModelFacts }) {
  const rows = MODEL_FACTS.flatMap((name) => {
    const fact = facts[name];
    return fact ? [{ name, fact }] : [];
  });
  return (
    <Card title="What the tensors prove" flush>
      {rows.length === 0 ? (
        <p className="p-5 text-ink-muted">
          Nothing: these tensors are named in a way that Quantdeck does not know, or could not be read.
        </p>
      ) : (
        <DataTable
          label="Facts proven by the tensors"
          head={
            <>
              <HeadCell>Fact</HeadCell>
              <HeadCell>Value</HeadCell>
              <HeadCell className="max-sm:hidden">Proof</HeadCell>
            </>
          }
        >
          {rows.map(({ name, fact }) => (
            <tr key={name}>
              <Cell>
                {FACT_NAME[name]}
                <Proof fact={fact} className="mt-0.5 block sm:hidden" />
              </Cell>
              <Cell className="figures font-semibold">{valueText(fact.value)}</Cell>
              <Cell className="max-sm:hidden">
                <Proof fact={fact} />
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
    </Card>
  );
}

function Proof({ fact, className }: { readonly fact: ModelFact; readonly className?: string }) {
  return (
    <span className={clsx('break-all font-mono text-ink-muted text-xs', className)}>
      {fact.tensor} <span className="figures inline-block">[{fact.shape.join(', ')}]</span>
    </span>
  );
}

function valueText(value: number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
