import * as z from 'zod';

const GIB = 1024 ** 3;
const MOST_BYTES = 8192 * GIB;

/** A computer as a person describes it. */
export const deviceInputSchema = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(60, 'At most 60 characters.'),
  memoryBytes: z.number().int().min(GIB, 'At least 1 GB.').max(MOST_BYTES, 'No computer has as much.'),
  /** Memory of a graphics card that llama.cpp can use; null without one. */
  graphicsBytes: z.number().int().min(GIB, 'At least 1 GB.').max(MOST_BYTES, 'No card has as much.').nullable(),
  /** `true` where processor and graphics share their memory and the system limits the share of the latter (Apple). */
  isUnified: z.boolean().default(false),
});
export type DeviceInput = z.input<typeof deviceInputSchema>;

/** A computer that a model is meant for. */
export const deviceProfileSchema = deviceInputSchema.extend({ id: z.string().min(1).max(64) });
export type DeviceProfile = z.output<typeof deviceProfileSchema>;

/** A device as pages and the API show it. */
export interface DeviceView extends DeviceProfile {
  /** Ours: it can be chosen, but neither changed nor removed. */
  readonly isBuiltIn: boolean;
  /** The one that fits are judged for where no other is named. */
  readonly isDefault: boolean;
}
