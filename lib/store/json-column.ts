import { DbNull } from '@prisma/client/runtime/client';
import type { Prisma } from './generated/client';

/** A domain value as Prisma wants JSON columns written; null becomes SQL NULL. */
export function toJson(value: unknown): Prisma.InputJsonValue | typeof DbNull {
  return value === null || value === undefined ? DbNull : (value as Prisma.InputJsonValue);
}

/** A value of a JSON column that is never NULL. */
export function toRequiredJson(value: object): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

/** A JSON column as the domain type it was written from. */
export function fromJson<T>(value: Prisma.JsonValue | null): T | null {
  return value as T | null;
}
