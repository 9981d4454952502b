import { toFailure } from '../domain/failure';
import { DEFAULT_OFFER_LIMITS } from '../domain/offer-problem';
import type { RentalProvider } from '../hosts/host-provider';
import type { Logger } from '../pipeline/ports';
import {
  type ClaimedRentalQuestion,
  claimRentalQuestion,
  recordRentalAnswer,
  requeueRentalQuestions,
} from '../store/rental-question-store';

/** Cheapest first, so that the rest is what nobody would take. */
const MOST_OFFERS = 256;

export interface RentalDesk {
  /** There may be a question. */
  wake(): void;
  /** Takes no more questions and waits for the one that is being asked. */
  stop(): Promise<void>;
}

export interface RentalDeskParts {
  /** The service with the key that holds now. May throw what `createVastProvider` throws. */
  readonly openProvider: () => Promise<RentalProvider>;
  readonly logger: Logger;
}

/** Asks the rental service what pages want to know, one question after the other, and writes the answers down. */
export async function startRentalDesk(parts: RentalDeskParts): Promise<RentalDesk> {
  await requeueRentalQuestions();
  let isStopped = false;
  let isAskedAgain = false;
  let round: Promise<void> | null = null;

  const claim = async () => (isStopped ? null : claimRentalQuestion());
  async function answerAll(): Promise<void> {
    for (let next = await claim(); next !== null; next = await claim()) await answer(parts, next);
  }
  const wake = () => {
    isAskedAgain = round !== null;
    if (isStopped || round) return;
    round = answerAll()
      .catch((error: unknown) => parts.logger.error('a question to the rental service was lost', error))
      .finally(() => {
        round = null;
        // Whoever asked after the last look but before this end would wait for the next one who asks.
        if (isAskedAgain) wake();
      });
  };
  wake();
  return {
    wake,
    async stop() {
      isStopped = true;
      await round;
    },
  };
}

async function answer(parts: RentalDeskParts, question: ClaimedRentalQuestion): Promise<void> {
  try {
    const provider = await parts.openProvider();
    await recordRentalAnswer(question.id, { answer: await ask(provider, question) });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'internal') parts.logger.error('a question to the rental service failed', error);
    await recordRentalAnswer(question.id, { failure });
  }
}

async function ask(provider: RentalProvider, { kind, subject }: ClaimedRentalQuestion): Promise<object> {
  if (kind === 'key') return provider.checkKey();
  const { leastReliability } = DEFAULT_OFFER_LIMITS;
  // Slower lines than usual are asked for too: whoever wants them can say so on the page.
  return {
    offers: await provider.searchOffers({
      diskGb: Number(subject),
      leastDownBitsPerSecond: 100_000_000,
      leastReliability,
      countries: [],
      mostOffers: MOST_OFFERS,
    }),
  };
}
