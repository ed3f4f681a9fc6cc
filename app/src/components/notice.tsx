import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { failureOf } from '../transactions/failure.ts';
import { FailureText } from './failure_text.tsx';

type Tone = 'plain' | 'good' | 'warn' | 'bad';

const TONES: Readonly<Record<Tone, string>> = {
  plain: 'border-line bg-surface',
  good: 'border-verdigris bg-verdigris-wash',
  warn: 'border-amber bg-amber-wash',
  bad: 'border-rust bg-rust-wash',
};

interface NoticeProps {
  readonly tone?: Tone;
  readonly title?: ReactNode;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** Whether it is read out as it appears. */
  readonly live?: boolean;
}

export function Notice({ tone = 'plain', title, children, action, live = false }: NoticeProps) {
  return (
    <div role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined} className={`rounded-box border border-l-4 px-4 py-3 ${TONES[tone]}`}>
      {title !== undefined && <p className="font-bold">{title}</p>}
      <div className={title === undefined ? '' : 'mt-0.5'}>{children}</div>
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** Why something did not happen, in a sentence, and what would help. */
export function ErrorNotice({ error, action }: { readonly error: unknown; readonly action?: ReactNode }) {
  return (
    <Notice tone="bad" live action={action}>
      <FailureText facts={failureOf(error)} />
    </Notice>
  );
}

/** Who is trusted with what, where money is spent. */
export function TrustNotice({ children }: { readonly children: ReactNode }) {
  return (
    <details className="group rounded-box border border-line bg-surface px-4 py-3">
      <summary className="flex list-none items-center justify-between gap-3 font-medium [&::-webkit-details-marker]:hidden">
        <Trans>Who you trust with what</Trans>
        <span aria-hidden="true" className="text-muted transition-transform group-open:rotate-45">
          +
        </span>
      </summary>
      <div className="mt-2 max-w-prose space-y-2 text-muted">{children}</div>
    </details>
  );
}

/** Said wherever money is spent. */
export function UnauditedNotice() {
  return (
    <p className="text-small text-muted">
      <Trans>
        The program has not been audited by anybody outside the project. Do not put in more than you can afford to lose.
      </Trans>
    </p>
  );
}

/** Nothing is here yet: what would be, and how it comes to be. */
export function EmptyState({ title, children, action }: { readonly title: ReactNode; readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="rounded-box border border-dashed border-edge px-5 py-9 text-center">
      <div aria-hidden="true" className="reeded mx-auto mb-5 h-8 w-24 rounded-pill text-line" />
      <p className="text-title font-bold">{title}</p>
      <div className="mx-auto mt-2 max-w-prose text-muted">{children}</div>
      {action !== undefined && <div className="mt-5">{action}</div>}
    </div>
  );
}

/** Holds the place of what is loading, in its size. */
export function Skeleton({ lines = 3, className }: { readonly lines?: number; readonly className?: string }) {
  return (
    <div aria-hidden="true" className={`space-y-3 ${className ?? ''}`}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton reeded h-4" style={{ width: `${100 - ((index * 37) % 45)}%` }} />
      ))}
    </div>
  );
}
