import type * as z from 'zod';
import type { FailureCode } from '../../../lib/domain/failure';
import type { Access } from '../_http/caller';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One answer that is not JSON: raw bytes with headers of their own. */
export interface BytesAnswer {
  readonly contentType: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Answers to the header Range with 206. */
  readonly hasRanges?: boolean;
}

/** What the API's description says about one method of one path. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly tag:
    | 'instances'
    | 'model checks'
    | 'offers'
    | 'rentals'
    | 'jobs'
    | 'artifacts'
    | 'devices'
    | 'settings'
    | 'service';
  readonly access: Access;
  readonly query?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown; readonly isOptional?: boolean };
  /** Absent means 204 without a body. */
  readonly answer?: { readonly status: 200 | 201 | 202; readonly schema: z.ZodType; readonly example?: unknown };
  readonly bytes?: BytesAnswer;
  /** Problem codes that belong to this operation, beside those that any may answer with. */
  readonly problems: readonly FailureCode[];
  /** Mounted by the server before Next: there is no route file. */
  readonly isServedByServer?: boolean;
}

/** `/jobs/{jobId}` → its methods. Paths are below `/api/v1`. */
export type Operations = Readonly<Record<string, Partial<Record<Method, Operation>>>>;
