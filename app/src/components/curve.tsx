import { useLingui } from '@lingui/react';
import { useId } from 'react';

export interface Point {
  readonly at: number;
  readonly value: number;
}

interface CurveProps {
  /** What the picture shows, in a sentence. */
  readonly label: string;
  /** The line, by time; values are for drawing alone. */
  readonly points: readonly Point[];
  /** A level that the line must stay above. */
  readonly level?: number | undefined;
  /** A time that is marked, like now. */
  readonly mark?: number | undefined;
  readonly start: string;
  readonly end: string;
  readonly tone?: 'verdigris' | 'brass';
  /** A line that keeps its value until the next point. */
  readonly stepped?: boolean;
}

const WIDTH = 320;
const HEIGHT = 96;

/** A quantity over time: capacity that decays, a price that was posted. */
export function Curve({ label, points, level, mark, start, end, tone = 'verdigris', stepped = false }: CurveProps) {
  const { i18n } = useLingui();
  const id = useId();
  const from = points[0]?.at ?? 0;
  const to = points.at(-1)?.at ?? 1;
  const values = [...points.map(({ value }) => value), ...(level === undefined ? [] : [level])];
  const top = Math.max(...values, 1e-9) * 1.08;
  const x = (at: number): number => ((at - from) / Math.max(to - from, 1e-9)) * WIDTH;
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const line = points
    .map(({ at, value }, index) => {
      const before = points[index - 1];
      const step = stepped && before !== undefined ? `L${x(at).toFixed(1)} ${y(before.value).toFixed(1)}` : '';
      return `${step}${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join('');
  const color = tone === 'verdigris' ? 'text-verdigris' : 'text-brass-fill';
  return (
    <figure lang={i18n.locale}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label} className={`block h-24 w-full overflow-visible ${color}`}>
        <defs>
          <pattern id={id} width="4" height="4" patternUnits="userSpaceOnUse">
            <rect width="1.6" height="4" fill="currentColor" opacity="0.32" />
          </pattern>
        </defs>
        <path d={`${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} fill={`url(#${id})`} />
        <path d={line} fill="none" stroke="currentColor" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        {level !== undefined && (
          <path d={`M0 ${y(level)}H${WIDTH}`} className="stroke-rust" strokeWidth="1.5" strokeDasharray="5 4" fill="none" vectorEffect="non-scaling-stroke" />
        )}
        {mark !== undefined && (
          <path d={`M${x(mark)} 0V${HEIGHT}`} className="stroke-ink" strokeWidth="1" fill="none" vectorEffect="non-scaling-stroke" />
        )}
        <path d={`M0 ${HEIGHT}H${WIDTH}`} className="stroke-edge" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="mt-1 flex justify-between text-small text-muted">
        <span>{start}</span>
        <span>{end}</span>
      </figcaption>
    </figure>
  );
}
