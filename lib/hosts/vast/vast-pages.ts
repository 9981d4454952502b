import { answerInvalid } from './vast-answer';
import type { VastRoute } from './vast-routes';

type PageToken = string | number;

interface VastPage {
  readonly next_token?: PageToken | null | undefined;
}

/**
 * A list to its end, page after page: all of it or a failure.
 * @param ask reads the page of a token, the first one without
 * @throws FailureError what `ask` throws; `rental-answer-invalid` for more than `mostPages`, or a token that came before.
 */
export async function readVastPages<Page extends VastPage>(
  route: VastRoute,
  mostPages: number,
  ask: (token: PageToken | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  const seen = new Set<PageToken>();
  let token: PageToken | undefined;
  while (pages.length < mostPages) {
    const page = await ask(token);
    pages.push(page);
    if (!page.next_token) return pages;
    token = page.next_token;
    if (seen.has(token)) break;
    seen.add(token);
  }
  throw answerInvalid(route, 'the list has no end');
}
