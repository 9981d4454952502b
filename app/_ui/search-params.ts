export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** A text of the address, trimmed; empty when it is missing or given twice. */
export function parseText(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value.trim().slice(0, 200) : '';
}

/** The first row of a page; anything odd is the beginning. */
export function parseOffset(value: string | string[] | undefined): number {
  const offset = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0;
  return offset;
}

/** An address with the parameters that say something. */
export function pageAddress(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '' && value !== 0) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
