/** `4m 12s`, `1h 03m`, `850ms`: two units at the most, made for a column of tabular figures. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.max(0, Math.round(durationMs))}ms`;
  const seconds = Math.floor(durationMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${String(minutes % 60).padStart(2, '0')}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** An estimate rounded the way people say it: to 5 s under a minute, to whole minutes above ten. */
export function formatEta(etaMs: number): string {
  if (etaMs < 60_000) return `${Math.max(5, Math.ceil(etaMs / 5000) * 5)}s`;
  if (etaMs < 600_000) return formatDuration(Math.ceil(etaMs / 10_000) * 10_000);
  return formatDuration(Math.ceil(etaMs / 60_000) * 60_000);
}
