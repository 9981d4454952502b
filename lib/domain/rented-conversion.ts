import * as z from 'zod';
import { newConversionSchema } from './conversion-spec';
import { RENTAL_LIMITS, rentalTermsSchema } from './rental';

const { name, outputs, baseType, threads } = newConversionSchema.shape;

/**
 * A conversion on a machine that is rented for it: what to convert, and how large it is, comes from a check. Every file is
 * brought home, for the machine goes.
 */
export const rentedConversionSchema = z.object({
  checkId: z.string().min(1).max(64).describe('A check that has succeeded.'),
  name,
  outputs,
  baseType,
  threads,
  /** The repair that the check proposes is part of the job. */
  approvesRepair: z.boolean().default(false).describe('Accept the repair that the check proposes.'),
  /** What the person agrees to pay for. */
  rental: rentalTermsSchema.extend({ mostMs: rentalTermsSchema.shape.mostMs.max(RENTAL_LIMITS.mostMs) }),
});
export type RentedConversion = z.input<typeof rentedConversionSchema>;
