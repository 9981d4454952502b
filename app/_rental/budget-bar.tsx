import { ProgressBar } from '../_ui/progress-bar';
import { budgetTone } from './budget-tone';

interface BudgetBarProps {
  readonly label: string;
  readonly spentNanoUsd: number;
  readonly mostNanoUsd: number;
  readonly className: string;
}

/** What is spent of a budget; the figures stand beside it, so that its colour says nothing alone. */
export function BudgetBar({ label, spentNanoUsd, mostNanoUsd, className }: BudgetBarProps) {
  return (
    <ProgressBar
      label={label}
      fraction={mostNanoUsd === 0 ? 1 : spentNanoUsd / mostNanoUsd}
      tone={budgetTone(spentNanoUsd, mostNanoUsd)}
      className={className}
    />
  );
}
