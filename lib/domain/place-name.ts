/** Where a machine stands, as far as its host wrote it: some write only the end, `, US`. Null when nothing is left. */
export function placeName(place: string | null): string | null {
  return place?.replace(/^[\s,]+/, '').trim() || null;
}
