import type * as z from 'zod';
import { FailureError } from '../../../lib/domain/failure';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_ISSUES = 20;

/**
 * The JSON body of a request, checked.
 * @throws FailureError `invalid-input` with one line of evidence for each field that is wrong, `body-not-json` for another
 * media type, `body-too-large`
 */
export async function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  refuseOtherThanJson(request);
  return checkInput(parseJson(await readText(request)), schema);
}

/** As `readBody`, for a body that may be left out. Node always gives a stream, so only reading tells whether it was. */
export async function readOptionalBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readText(request);
  if (text === '') return checkInput({}, schema);
  refuseOtherThanJson(request);
  return checkInput(parseJson(text), schema);
}

/** A form of a foreign page can send text/plain without asking first, but not JSON. */
function refuseOtherThanJson(request: Request): void {
  if (/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) return;
  throw new FailureError('body-not-json', 'The body must be JSON.', {
    remedy: 'Send the header "Content-Type: application/json".',
  });
}

/** The query of a request, checked; a key given twice counts with its last value. */
export function readQuery<Schema extends z.ZodType>(query: URLSearchParams, schema: Schema): z.output<Schema> {
  return checkInput(Object.fromEntries(query), schema);
}

async function readText(request: Request): Promise<string> {
  const reader = request.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let sizeBytes = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    sizeBytes += value.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new FailureError('body-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`, {
        remedy: 'No request of this API needs as much: look at what is being sent.',
      });
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FailureError('invalid-input', 'The body is not valid JSON.', { cause: error });
  }
}

/** Input in a schema's shape; `invalid-input` with one line of evidence for each field that is wrong. */
export function checkInput<Schema extends z.ZodType>(input: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new FailureError('invalid-input', lines[0] ?? 'The input is not valid.', {
    remedy: 'Correct the fields named below. /api/v1/openapi.json describes them all.',
    evidence: lines,
  });
}
