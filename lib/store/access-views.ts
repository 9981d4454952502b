import { runtime } from './runtime';

/** Origins that may send actions and open sockets, e.g. `http://127.0.0.1:3000`. */
export function allowedOrigins(): readonly string[] {
  return runtime().allowedOrigins;
}

/** Whether cookies are for HTTPS only: true when people reach the dashboard over it. */
export function usesSecureCookies(): boolean {
  return runtime().secureCookies;
}
