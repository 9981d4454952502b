/** Where to go after the login: a path of this dashboard, never another site's address. */
export function safeNext(text: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(text) ? text : '/';
}
