/** An answer that says no, in vast's form: `{"success": false, "error": code, "msg": text}`. */
export class FakeRefusal extends Error {
  readonly status: number;
  readonly code: string;
  /** What else is in the body, e.g. the contract that a failed creation left behind. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
