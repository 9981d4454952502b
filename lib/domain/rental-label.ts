/**
 * What we call an instance when we rent it: the only thing that finds it again when the answer to the request is lost, and
 * that tells our instances from the person's own. `quantdeck:<installation>:<rental>`, both ids of ours.
 */
export interface RentalLabel {
  /** Several dashboards may share one account. */
  readonly installationId: string;
  /** Of the wish to rent, committed before the provider hears of it. */
  readonly rentalId: string;
}

const PATTERN = /^quantdeck:([A-Za-z0-9_-]{1,64}):([A-Za-z0-9_-]{1,64})$/;

/** @throws RangeError for an id that would not be read back as it is */
export function formatRentalLabel({ installationId, rentalId }: RentalLabel): string {
  const text = `quantdeck:${installationId}:${rentalId}`;
  if (!PATTERN.test(text)) throw new RangeError('an id that cannot stand in a label');
  return text;
}

/** Null for a label that is not one of ours, whoever wrote it. */
export function parseRentalLabel(label: string | null): RentalLabel | null {
  const [, installationId, rentalId] = PATTERN.exec(label ?? '') ?? [];
  return installationId === undefined || rentalId === undefined ? null : { installationId, rentalId };
}
