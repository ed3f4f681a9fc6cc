import type { ReactNode } from 'react';

type Tone = 'good' | 'warn' | 'bad' | 'coin';

const FILLS: Readonly<Record<Tone, string>> = {
  good: 'text-verdigris',
  warn: 'text-amber',
  bad: 'text-rust',
  coin: 'text-brass-fill',
};

interface BarProps {
  /** What is measured, for those who hear it. */
  readonly label: string;
  /** The share that is filled, in basis points of the whole; what is beyond it is cut off, and said in `text`. */
  readonly bps: bigint;
  /** The measure in words, as it stands beside the bar. */
  readonly text: string;
  /** A mark that must be reached, in the same basis points. */
  readonly mark?: bigint | undefined;
  readonly tone?: Tone;
  readonly note?: ReactNode;
}

/** A measure, milled like the edge of a coin: each reed is two pixels of it. */
export function Bar({ label, bps, text, mark, tone = 'good', note }: BarProps) {
  const share = Number(bps > 10_000n ? 10_000n : bps) / 100;
  return (
    <div>
      <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share} aria-valuetext={text} className="relative h-3.5">
        <div className="reeded absolute inset-0 text-line" />
        <div className={`reeded absolute inset-y-0 left-0 ${FILLS[tone]}`} style={{ width: `${share}%` }} />
        {mark !== undefined && (
          <div className="absolute -inset-y-1 w-0.5 bg-ink" style={{ left: `${Number(mark) / 100}%` }} />
        )}
      </div>
      {note !== undefined && <p className="mt-1 text-small text-muted">{note}</p>}
    </div>
  );
}
