import { describe, expect, it } from 'vitest';
import { deviceInputSchema, deviceProfileSchema } from '../../lib/domain/device';
import { answersSchema } from '../../lib/domain/model-check';

const GIB = 1024 ** 3;
const laptop = { name: 'Laptop', memoryBytes: 12 * GIB, graphicsBytes: null };

describe('a device', () => {
  it('shares its memory only when somebody says so', () => {
    expect(deviceInputSchema.parse(laptop)).toEqual({ ...laptop, isUnified: false });
    expect(deviceProfileSchema.parse({ ...laptop, id: 'x', isUnified: true }).isUnified).toBe(true);
  });

  it.each([
    { ...laptop, name: '  ' },
    { ...laptop, memoryBytes: 0.5 * GIB },
    { ...laptop, memoryBytes: Number.NaN },
    { ...laptop, graphicsBytes: 1 },
    { ...laptop, graphicsBytes: undefined },
  ])('is not %j', (input) => {
    expect(deviceInputSchema.safeParse(input).success).toBe(false);
  });
});

describe('answers', () => {
  it('are single values', () => {
    const answers = { rope_theta: 1e5, sliding_window: null, model_type: 'llama', tie_word_embeddings: true };
    expect(answersSchema.parse(answers)).toEqual(answers);
    expect(answersSchema.safeParse({ a: [1] }).success).toBe(false);
    expect(answersSchema.safeParse({ '': 1 }).success).toBe(false);
  });
});
