import type { RankedOffer } from '../../lib/domain/rank-offers';

/** `70 % of the advertised line`, or both shares where jobs taught that they differ. */
export function lineShareWords({ downShare, upShare }: Pick<RankedOffer, 'downShare' | 'upShare'>): string {
  const [down, up] = [downShare, upShare].map((share) => `${Math.round(share * 100)} %`);
  return down === up ? `${down} of the advertised line` : `${down} of the advertised line in and ${up} of the line out`;
}
