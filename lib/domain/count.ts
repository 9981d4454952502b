const UNITS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `14.7 B`, `135 M`: how people speak of parameters, three figures at most, decimal units. */
export function formatCount(count: number): string {
  const [size, unit] = UNITS.find(([least]) => count >= least) ?? [1, ''];
  const value = count / size;
  const text = value >= 100 || unit === '' ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
  return unit === '' ? text : `${text} ${unit}`;
}
