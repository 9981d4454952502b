import * as z from 'zod';
import { rentalGoalSchema } from '../../../lib/commands/change-rental-goal';
import { strayChoiceSchema } from '../../../lib/commands/choose-stray';
import { rentalExtensionSchema } from '../../../lib/commands/extend-rental';
import { rentalBudgetSchema } from '../../../lib/commands/save-rental-budget';
import type { Operation, Operations } from './operation';
import { rentalEventSchema, rentalMonthSchema, rentalSchema, straySchema } from './rental-schemas';

const strays = z.object({ strays: z.array(straySchema) });

function look(id: string, summary: string, schema: z.ZodType, problems: Operation['problems'] = []): Operation {
  return { id, summary, tag: 'rentals', access: 'read', answer: { status: 200, schema }, problems };
}

/** Machines that are rented, what they cost, and those that nobody knows of. */
export const rentalOperations: Operations = {
  '/rentals': {
    GET: look('listRentals', 'Rentals, newest first', z.object({ rentals: z.array(rentalSchema) })),
  },
  '/rentals/{rentalId}': {
    GET: look('getRental', 'One rental with its tries and its money', rentalSchema, ['not-found']),
  },
  '/rentals/{rentalId}/events': {
    GET: look(
      'listRentalEvents',
      'The story of a rental, oldest line first',
      z.object({ events: z.array(rentalEventSchema) }),
      ['not-found'],
    ),
  },
  '/rentals/{rentalId}/goal': {
    POST: {
      id: 'changeRentalGoal',
      summary: 'Have a rented machine started, stopped or given back',
      tag: 'rentals',
      access: 'write',
      body: { schema: rentalGoalSchema, example: { goal: 'gone', confirmedUnsaved: ['phi-4-Q4_K_M.gguf'] } },
      answer: { status: 202, schema: rentalSchema },
      problems: [
        'invalid-input',
        'not-found',
        'conflict',
        'rental-holds-unsaved',
        'rental-budget-reached',
        'rental-deadline-reached',
      ],
    },
  },
  '/rentals/{rentalId}/extension': {
    POST: {
      id: 'extendRental',
      summary: 'Allow a rental more money or time, also after it has reached a limit',
      tag: 'rentals',
      access: 'write',
      body: {
        schema: rentalExtensionSchema,
        example: { moreNanoUsd: 500_000_000, moreMs: 7_200_000, startsAgain: true },
      },
      answer: { status: 202, schema: rentalSchema },
      problems: ['invalid-input', 'not-found', 'conflict', 'rental-budget-reached', 'rental-deadline-reached'],
    },
  },
  '/rentals/{rentalId}/restart': {
    POST: {
      id: 'restartRental',
      summary: 'Have a rented machine restarted: it keeps its GPU, its price and its disk',
      tag: 'rentals',
      access: 'write',
      answer: { status: 202, schema: rentalSchema },
      problems: ['not-found', 'conflict'],
    },
  },
  '/strays': {
    GET: look('listStrays', 'Instances with our label that no rental knows: somebody pays for them', strays),
  },
  '/strays/{serviceId}/choice': {
    POST: {
      id: 'chooseStray',
      summary: 'Have such an instance destroyed, or leave it alone',
      tag: 'rentals',
      access: 'write',
      body: { schema: strayChoiceSchema, example: { choice: 'destroy' } },
      answer: { status: 202, schema: strays },
      problems: ['invalid-input', 'not-found'],
    },
  },
  '/rental-budget': {
    GET: look('getRentalMonth', "This month's money for rented machines", rentalMonthSchema),
    PATCH: {
      id: 'limitRentalMonth',
      summary: 'Limit what may be spent on rented machines in a calendar month',
      tag: 'rentals',
      access: 'write',
      body: { schema: rentalBudgetSchema, example: { monthUsd: 20 } },
      answer: { status: 200, schema: rentalMonthSchema },
      problems: ['invalid-input'],
    },
  },
};
