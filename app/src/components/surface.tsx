import type { ReactNode } from 'react';

/** A page's name and what it is for, over the milled edge. */
export function PageHeader({ title, lead, aside }: { readonly title: ReactNode; readonly lead: ReactNode; readonly aside?: ReactNode }) {
  return (
    <header className="mb-7">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="max-w-prose">
          <h1 className="figures text-display font-medium">{title}</h1>
          <p className="mt-2 text-lead text-muted">{lead}</p>
        </div>
        {aside}
      </div>
      <div aria-hidden="true" className="reeded mt-5 h-1.5 text-line" />
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Section({ title, note, action, children }: { readonly title: ReactNode; readonly note?: ReactNode; readonly action?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="mb-10">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="text-title font-bold">{title}</h2>
        {action}
      </div>
      {note !== undefined && <p className="mb-4 max-w-prose text-muted">{note}</p>}
      {children}
    </section>
  );
}

export function Card({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return <div className={`min-w-0 rounded-box border border-line bg-surface p-4 sm:p-5 ${className ?? ''}`}>{children}</div>;
}

/** Figures side by side, each under its name. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="grid grid-cols-1 overflow-hidden rounded-box border border-line bg-surface min-[26rem]:grid-cols-2 lg:grid-cols-4">
      {children}
    </dl>
  );
}

export function Figure({ label, children, note }: { readonly label: ReactNode; readonly children: ReactNode; readonly note?: ReactNode }) {
  return (
    <div className="p-4 shadow-[0.5px_0.5px_0_0.5px_var(--color-line)]">
      <dt className="text-small text-muted">{label}</dt>
      <dd className="figures mt-1 text-[clamp(1.25rem,1rem+1vw,1.625rem)] leading-tight">{children}</dd>
      {note !== undefined && <dd className="mt-1 text-small text-muted">{note}</dd>}
    </div>
  );
}

/** Facts one under the other: name left, value right. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="divide-y divide-line">{children}</dl>;
}

export function Fact({ label, children }: { readonly label: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-2.5">
      <dt className="text-muted">{label}</dt>
      <dd className="ml-auto text-right font-medium">{children}</dd>
    </div>
  );
}

type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'coin';

const TONES: Readonly<Record<Tone, string>> = {
  good: 'bg-verdigris-wash text-verdigris-strong',
  warn: 'bg-amber-wash text-amber',
  bad: 'bg-rust-wash text-rust',
  plain: 'bg-sunken text-muted',
  coin: 'bg-brass-wash text-brass',
};

interface TagProps {
  readonly tone?: Tone;
  /** It says more than a word, as since when: it may take two lines where there is little room. */
  readonly long?: boolean;
  readonly children: ReactNode;
}

/** A state in a word. */
export function Tag({ tone = 'plain', long = false, children }: TagProps) {
  return (
    <span className={`inline-block max-w-full rounded-small px-1.5 py-0.5 text-small leading-5 font-medium ${long ? '' : 'whitespace-nowrap'} ${TONES[tone]}`}>
      {children}
    </span>
  );
}
