'use client';
import clsx from 'clsx';
import Monitor from 'lucide-react/icons/monitor';
import Moon from 'lucide-react/icons/moon';
import Sun from 'lucide-react/icons/sun';
import { useState } from 'react';
import { THEME_COOKIE, THEMES, type Theme } from './theme';

const CHOICES: Readonly<Record<Theme, { readonly icon: typeof Sun; readonly name: string }>> = {
  system: { icon: Monitor, name: 'As the system' },
  light: { icon: Sun, name: 'Light' },
  dark: { icon: Moon, name: 'Dark' },
};
const YEAR_SECONDS = 31_536_000;

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API does not exist on plain http, where many dashboards live
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/** Light, dark, or as the system: takes effect at once and is remembered in a cookie that the server reads. */
export function ThemeToggle({ initial }: { readonly initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  return (
    <fieldset className="inline-flex gap-0.5 rounded-lg border bg-sunken p-0.5">
      <legend className="sr-only">Theme</legend>
      {THEMES.map((choice) => {
        const { icon: Icon, name } = CHOICES[choice];
        return (
          <button
            key={choice}
            type="button"
            aria-pressed={choice === theme}
            aria-label={name}
            title={name}
            onClick={() => {
              apply(choice);
              setTheme(choice);
            }}
            className={clsx(
              'inline-flex size-7 items-center justify-center rounded-md',
              choice === theme ? 'bg-surface text-ink shadow-card' : 'text-ink-muted hover:text-ink',
            )}
          >
            <Icon size={14} aria-hidden />
          </button>
        );
      })}
    </fieldset>
  );
}
