import type * as z from 'zod';
import { type FailureError, isFailureError } from '../../domain/failure';
import { answerInvalid, isSuccess, readAnswer, type VastAnswer } from './vast-answer';
import { connectVast, type VastConnection, type VastOptions } from './vast-connection';
import { vastRefusal, vastUnreachable } from './vast-failure';
import { VastPacing } from './vast-pacing';
import type { VastRoute } from './vast-routes';

export interface VastRequest {
  readonly route: VastRoute;
  /** Below the origin, with the slash at its end that vast wants. */
  readonly path: string;
  /** Objects are sent as JSON, as the API takes them. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const TRIES = 4;

/** One way to ask vast anything: paced, with the key in a header only, repeated where that is safe, checked by a schema. */
export class VastApi {
  readonly connection: VastConnection;
  readonly #pacing: VastPacing;

  constructor(options: VastOptions) {
    this.connection = connectVast(options);
    this.#pacing = new VastPacing(this.connection);
  }

  /** @throws FailureError as `vast-failure.ts` maps it; `rental-answer-invalid` when it does not fit the schema. */
  async ask<Schema extends z.ZodType>(request: VastRequest, schema: Schema): Promise<z.output<Schema>> {
    for (let turn = 1; ; turn += 1) {
      try {
        const answer = await this.send(request);
        return this.read(answer, request.route, schema);
      } catch (error) {
        if (!isFailureError(error) || turn >= TRIES || !this.#mayRepeat(request.route, error)) throw error;
      }
    }
  }

  /** What a successful answer says. */
  read<Schema extends z.ZodType>(answer: VastAnswer, route: VastRoute, schema: Schema): z.output<Schema> {
    if (!isSuccess(answer)) throw vastRefusal(answer, route, this.connection);
    const parsed = schema.safeParse(answer.json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    // The path only: a message of zod's may repeat the value.
    throw answerInvalid(route, `unexpected content at ${issue?.path.join('.') || 'its top'}`);
  }

  /** One request, sent once. Resolves with any answer; rejects only when there is none that can be read. */
  send(request: VastRequest): Promise<VastAnswer> {
    return this.#pacing.run(request.route, () => this.#sendNow(request));
  }

  async #sendNow(request: VastRequest): Promise<VastAnswer> {
    const { route, body } = request;
    const { connection } = this;
    try {
      const response = await connection.fetch(this.#urlOf(request), {
        method: route.method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${connection.apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would carry what is in the body elsewhere.
        redirect: 'manual',
        signal: AbortSignal.timeout(connection.timeoutMs),
      });
      const answer = await readAnswer(response, route);
      if (answer.status === 429 || answer.status >= 500) this.#pacing.refused(route, answer.retryAfterMs);
      else this.#pacing.succeeded(route);
      return answer;
    } catch (error) {
      this.#pacing.refused(route, null);
      throw isFailureError(error) ? error : vastUnreachable(error, route, connection);
    }
  }

  #urlOf({ path, query = {} }: VastRequest): URL {
    const url = new URL(path, this.connection.url);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      url.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    return url;
  }

  #mayRepeat(route: VastRoute, { failure }: FailureError): boolean {
    const isPassing = ['rental-rate-limited', 'rental-unreachable', 'rental-answer-invalid'].includes(failure.code);
    return route.isRepeatable && isPassing;
  }
}
