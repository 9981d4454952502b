import { describe, expect, it } from 'vitest';
import { rateWords } from '../../app/_copy/rate-words';
import {
  RENTAL_AFTERWARDS_COPY,
  RENTAL_STATE_COPY,
  rentalStateWords,
  usualWords,
} from '../../app/_copy/rental-state-copy';
import { RENTAL_AFTERWARDS, RENTAL_STATES } from '../../lib/domain/rental';
import { RENTAL_PHASES } from '../../lib/domain/rental-phase';

describe('the words for a rental', () => {
  it('name every state once and say what it means, with every phase that it may have', () => {
    const words = RENTAL_STATES.map((state) => RENTAL_STATE_COPY[state].word);
    expect(new Set(words).size).toBe(words.length);
    for (const state of RENTAL_STATES) {
      for (const phase of [null, ...RENTAL_PHASES]) {
        const told = rentalStateWords(state, phase);
        expect(told.word, `${state} ${phase}`).toMatch(/^[A-Z].{3,50}[^.]$/);
        expect(told.meaning, `${state} ${phase}`).toMatch(/^[A-Z].+\.$/);
      }
    }
  });

  it('tell what the service says while a machine comes up, and never claim that a bill has ended before it is proven', () => {
    expect(rentalStateWords('coming', 'loading')).toEqual({
      word: 'Coming up: Loading',
      meaning: 'It loads the image that llama.cpp runs in. Only its disk is billed.',
    });
    expect(rentalStateWords('coming', null).word).toBe('Coming up');
    expect(rentalStateWords('starting', 'starting-again').word).toBe('Starting');
    expect(rentalStateWords('ready', 'silent').word).toBe('Ready');
    // The service has lost it from its list: for us that is a proof only once the rental has ended.
    expect(rentalStateWords('releasing', 'gone').meaning).toContain('not proven yet');
    expect(rentalStateWords('lost', 'gone').meaning).not.toContain('Nothing is billed');
    const silent = RENTAL_STATES.filter((state) => /othing is billed/.test(RENTAL_STATE_COPY[state].meaning));
    expect(silent).toEqual(['ended']);
  });

  it('say how long something usually takes where it ends by itself', () => {
    expect(usualWords('coming')).toBe('usually about 3m 30s');
    expect(usualWords('releasing')).toBe('usually about 30s');
    expect(usualWords('ready')).toBeNull();
    for (const state of RENTAL_STATES) if (usualWords(state)) expect(RENTAL_STATE_COPY[state].passes).toBe(true);
  });

  it('tell prices apart from none and from unknown, and say of each ending what is billed', () => {
    expect(rateWords(180_000_000)).toBe('$0.18/h');
    expect(rateWords(0)).toBe('nothing billed');
    expect(rateWords(null)).toBe('price not known');
    for (const afterwards of RENTAL_AFTERWARDS) expect(RENTAL_AFTERWARDS_COPY[afterwards].meaning).toMatch(/bill/);
  });
});
