/**
 * Puts a text on the clipboard; false when the browser refused. The clipboard API exists on https and localhost only, and
 * a dashboard in a home network is often neither: there a selected, off-screen text field does it.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch (error) {
    console.warn('clipboard refused, trying a selection', error);
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.style.cssText = 'position:fixed;opacity:0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
