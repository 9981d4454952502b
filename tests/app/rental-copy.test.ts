import { describe, expect, it } from 'vitest';
import { offerProblemText } from '../../app/_copy/rental-copy';
import { RENTAL_PHASE_COPY } from '../../app/_copy/rental-phase-copy';
import { OFFER_PROBLEMS } from '../../lib/domain/offer-problem';
import { RENTAL_PHASE_INFO, RENTAL_PHASES } from '../../lib/domain/rental-phase';

describe('the words for rented machines', () => {
  it('name every state once, and say of each what is billed as the domain says it', () => {
    const words = RENTAL_PHASES.map((phase) => RENTAL_PHASE_COPY[phase].word);
    expect(new Set(words).size).toBe(words.length);
    for (const phase of RENTAL_PHASES) {
      const { word, meaning } = RENTAL_PHASE_COPY[phase];
      expect(word).toMatch(/^[A-Z][A-Za-z ]{3,20}$/);
      expect(meaning).toMatch(/\.$/);
      if (RENTAL_PHASE_INFO[phase].billing === 'none') expect(meaning, phase).toContain('Nothing is billed');
      if (RENTAL_PHASE_INFO[phase].billing === 'storage') expect(meaning, phase).toMatch(/disk is|bills/);
    }
  });

  it('say why an offer cannot do a job, with both figures where there are any', () => {
    for (const code of OFFER_PROBLEMS) {
      expect(offerProblemText({ code, actual: null, needed: null })).toMatch(/^[a-z].{8,}[^.]$/);
    }
    expect(offerProblemText({ code: 'disk-too-small', actual: 1024 ** 3, needed: 2 * 1024 ** 3 })).toBe(
      'disk 1.0 GiB, 2.0 GiB needed',
    );
    expect(offerProblemText({ code: 'line-too-slow', actual: 4e8, needed: 5e8 })).toBe(
      'line 400 Mbit/s, 500 Mbit/s needed',
    );
    expect(offerProblemText({ code: 'not-reliable', actual: 0.9, needed: 0.97 })).toBe(
      'reliability 90.0 %, 97.0 % needed',
    );
    expect(offerProblemText({ code: 'too-dear', actual: 2e9, needed: 1e9 })).toBe('cost $2.00, $1.00 allowed');
  });
});
