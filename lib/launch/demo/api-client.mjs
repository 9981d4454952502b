import { LaunchProblem } from '../say.mjs';

/** The dashboard's REST API as the demo uses it: the same door that everybody else's scripts go through. */
export function createApi(url, token) {
  const call = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new LaunchProblem(problemText(method, path, answer.status, text));
    return JSON.parse(text);
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    isHealthy: async () => {
      try {
        const answer = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(5000) });
        await answer.body?.cancel();
        return answer.ok;
      } catch {
        // Not listening yet: the caller asks again and knows when to give up.
        return false;
      }
    },
  };
}

function problemText(method, path, status, text) {
  try {
    const problem = JSON.parse(text);
    return [`${method} ${path} was refused (${status}, ${problem.code}): ${problem.detail}`, problem.remedy]
      .filter(Boolean)
      .join('\n');
  } catch {
    return `${method} ${path} was answered with ${status}: ${text.slice(0, 500)}`;
  }
}
