import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useJournal } from '../transactions/journal.ts';

/** Drawn on a grid of 20, in strokes. */
const ICONS = {
  buy: <path d="M3 12.5c0 1.7 3.1 3 7 3s7-1.3 7-3M3 8.500c0 1.700 3.100 3 7 3s7-1.300 7-3m-14 0v4m14-4v4M17 8c0-1.700-3.100-3-7-3S3 6.300 3 8" />,
  redeem: <path d="M4 4h12v12H4zM8 8h4v4H8zM8 1.500V4m4-2.500V4M8 16v2.500m4-2.500v2.500M1.500 8H4m-2.500 4H4m12-4h2.500M16 12h2.500" />,
  vouchers: <path d="M2.500 5h15v3a2 2 0 000 4v3h-15v-3a2 2 0 000-4zM12 5.500v9" strokeDasharray="none" />,
  reserves: <path d="M2.500 17.500h15M4 17V8m4 9V8m4 9V8m4 9V8M2.500 8L10 2.500 17.500 8z" />,
  earn: <path d="M3 16l5-6 3.500 3.500L17 5m-4.500 0H17v4.500" />,
  governance: <path d="M10 2.500v14m-4 1h8M4 5.500h12M4 5.500L1.800 11h4.400zM16 5.500L13.800 11h4.400z" />,
  vendor: <path d="M3.500 3.500h13v5h-13zM3.500 11.500h13v5h-13zM6.500 6h.1M6.500 14h.1M10 6h4M10 14h4" />,
  activity: <path d="M2 10.500h3.500l2.500-7 4 13 2.500-6H18" />,
  settings: <path d="M3 5.500h8m4 0h2M3 14.500h2m4 0h8M13 3.500v4M7 12.500v4" />,
} as const;

const PLACES = [
  { to: '/buy', icon: 'buy', label: msg`Buy`, main: true },
  { to: '/redeem', icon: 'redeem', label: msg`Redeem`, main: true },
  { to: '/vouchers', icon: 'vouchers', label: msg`Vouchers`, main: true },
  { to: '/reserves', icon: 'reserves', label: msg`Reserves`, main: true },
  { to: '/earn', icon: 'earn', label: msg`Earn`, main: false },
  { to: '/governance', icon: 'governance', label: msg`Governance`, main: false },
  { to: '/vendor', icon: 'vendor', label: msg`Vendor`, main: false },
  { to: '/activity', icon: 'activity', label: msg`Activity`, main: false },
  { to: '/settings', icon: 'settings', label: msg`Settings`, main: false },
] as const;

function Icon({ name }: { readonly name: keyof typeof ICONS }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 shrink-0 stroke-current stroke-[1.4]" fill="none" strokeLinejoin="round" strokeLinecap="round">
      {ICONS[name]}
    </svg>
  );
}

interface PlacesProps {
  readonly onGo?: () => void;
  /** Only those that a phone's bar has no room for. */
  readonly rest?: boolean;
}

/** Every place of the page, one under the other. */
export function Places({ onGo, rest = false }: PlacesProps) {
  const { i18n } = useLingui();
  const pending = useJournal().filter(({ state }) => state === 'pending').length;
  return (
    <ul className="space-y-0.5">
      {PLACES.filter(({ main }) => !rest || !main).map(({ to, icon, label }) => (
        <li key={to}>
          <Link
            to={to}
            onClick={onGo}
            className="flex min-h-11 items-center gap-3 rounded-box px-3 text-muted hover:bg-sunken hover:text-ink lg:min-h-10"
            activeProps={{ className: 'bg-verdigris-wash font-medium !text-verdigris-strong', 'aria-current': 'page' }}
          >
            <Icon name={icon} />
            {i18n._(label)}
            {to === '/activity' && pending > 0 && <Count>{pending}</Count>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Count({ children }: { readonly children: ReactNode }) {
  return <span className="ml-auto rounded-pill bg-brass-wash px-2 text-small font-medium text-brass">{children}</span>;
}

/** The four places that a phone has at its foot, and the way to the rest. */
export function FootBar({ more }: { readonly more: ReactNode }) {
  const { i18n } = useLingui();
  return (
    <ul className="grid grid-cols-5">
      {PLACES.filter(({ main }) => main).map(({ to, icon, label }) => (
        <li key={to}>
          <Link
            to={to}
            className="flex min-h-14 flex-col items-center justify-center gap-0.5 text-[0.72rem] text-muted"
            activeProps={{ className: '!text-verdigris-strong font-medium', 'aria-current': 'page' }}
          >
            <Icon name={icon} />
            {i18n._(label)}
          </Link>
        </li>
      ))}
      <li>{more}</li>
    </ul>
  );
}
