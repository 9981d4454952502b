import { describe, expect, it } from 'vitest';
import { approvedPatch } from '../../lib/domain/approved-patch';

describe('approvedPatch', () => {
  it('is what was proposed, with what an answer only confirms', () => {
    const answers = [{ field: 'num_attention_heads', value: 16 }];
    expect(approvedPatch({ patch: { head_dim: 64 }, answers })).toEqual({ head_dim: 64, num_attention_heads: 16 });
    expect(approvedPatch({ patch: {}, answers: [] })).toEqual({});
  });
});
