import type { Page, Response } from '@playwright/test';

/** All that the dashboard tells a page: answers with their headers, and what comes through its socket. */
export class Overheard {
  readonly #told: { readonly from: string; readonly text: string }[] = [];
  readonly #reading: Promise<void>[] = [];
  /** Addresses that the page was at, each once. */
  readonly visited = new Set<string>();

  /** Listens from now on. */
  constructor(page: Page) {
    page.on('response', (response) => void this.#reading.push(this.#read(response)));
    page.on('framenavigated', (frame) => void this.visited.add(new URL(frame.url()).pathname));
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.add('socket', payload.toString()));
    });
  }

  add(from: string, text: string): void {
    this.#told.push({ from, text });
  }

  /** From where a text came: the paths of answers, `socket`, or what `add` called it. Waits for answers on their way. */
  async sourcesOf(wanted: string): Promise<string[]> {
    await Promise.all(this.#reading);
    return [...new Set(this.#told.filter(({ text }) => text.includes(wanted)).map(({ from }) => from))];
  }

  async #read(response: Response): Promise<void> {
    const from = new URL(response.url()).pathname;
    try {
      this.add(from, JSON.stringify(await response.allHeaders()));
      this.add(from, await response.text());
    } catch {
      // Redirects have no body, and that of a page that was left meanwhile is gone.
    }
  }
}
