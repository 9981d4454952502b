/** What a process sees of its own end: nothing. Everything that it would do afterwards does not happen. */
export class Killed extends Error {}

/**
 * Ends a keeper at any of its calls, before the call is made or after it was answered, and lets nothing of it act from
 * then on. What was on its way is done or not, as with a real end.
 */
export class KillSwitch {
  readonly #random: () => number;
  readonly #probability: number;
  isDead = false;
  /** What it was doing. */
  lastCall = '';

  constructor(random: () => number, probability: number) {
    this.#random = random;
    this.#probability = probability;
  }

  async run<T>(name: string, call: () => Promise<T>): Promise<T> {
    this.#pass(`before ${name}`);
    const answer = await call();
    this.#pass(`after ${name}`);
    return answer;
  }

  /** The same object, each call of which may be the last. */
  wrap<T extends object>(name: string, target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) =>
          this.run(`${name}.${String(key)}`, () => Reflect.apply(member, object, given) as Promise<unknown>);
      },
    });
  }

  #pass(where: string): void {
    if (!this.isDead && this.#random() < this.#probability) {
      this.isDead = true;
      this.lastCall = where;
    }
    if (this.isDead) throw new Killed(where);
  }
}
