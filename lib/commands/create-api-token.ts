import * as z from 'zod';
import { storeApiToken } from '../store/session-store';
import { API_SCOPES } from '../store/session-views';
import { randomToken } from '../store/token-hash';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';

const inputSchema = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(80),
  scopes: z
    .array(z.enum(API_SCOPES))
    .min(1, 'Choose what it may do.')
    .transform((scopes) => [...new Set(scopes)]),
});

/** Makes a bearer token for the API. The answer is the only time that it is seen. Throws `invalid-input`. */
export async function createApiToken(input: z.input<typeof inputSchema>): Promise<{ tokenId: string; token: string }> {
  const { name, scopes } = parseInput(inputSchema, input);
  const token = `qd_${randomToken()}`;
  const tokenId = await writeTransaction((transaction) => storeApiToken(transaction, { name, token, scopes }));
  return { tokenId, token };
}
