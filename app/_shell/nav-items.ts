import type { LucideIcon } from 'lucide-react';
import Boxes from 'lucide-react/icons/boxes';
import Gauge from 'lucide-react/icons/gauge';
import ListChecks from 'lucide-react/icons/list-checks';
import SearchCheck from 'lucide-react/icons/search-check';
import Server from 'lucide-react/icons/server';
import Settings from 'lucide-react/icons/settings';

interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** The places of the dashboard, in the order in which they are used. */
export const NAV_ITEMS: readonly NavItem[] = [
  { href: '/', label: 'Overview', icon: Gauge },
  { href: '/checks', label: 'Checks', icon: SearchCheck },
  { href: '/jobs', label: 'Jobs', icon: ListChecks },
  { href: '/instances', label: 'Instances', icon: Server },
  { href: '/artifacts', label: 'Artifacts', icon: Boxes },
  { href: '/settings', label: 'Settings', icon: Settings },
];

/** Whether a path belongs to an item: the overview only to itself, the others with all that is below them. */
export function isCurrent(href: string, path: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
