import { useLingui } from '@lingui/react';

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
  const from = points[0]?.at ?? 0;
  const to = points.at(-1)?.at ?? 1;
  const values = [...points.map(({ value }) => value), ...(level === undefined ? [] : [level])];
  const top = Math.max(...values, 1e-9) * 1.08;
  const x = (at: number): number => ((at - from) / Math.max(to - from, 1e-9)) * WIDTH;
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const corners = points.flatMap(({ at, value }, index) => {
    const before = points[index - 1];
    return stepped && before !== undefined ? [[x(at), y(before.value)], [x(at), y(value)]] : [[x(at), y(value)]];
  });
  const line = corners.map(([across = 0, down = 0], index) => `${index === 0 ? 'M' : 'L'}${across.toFixed(1)} ${down.toFixed(1)}`).join('');
  const outline = [...corners, [WIDTH, HEIGHT], [0, HEIGHT]]
    .map(([across = 0, down = 0]) => `${((across / WIDTH) * 100).toFixed(2)}% ${((down / HEIGHT) * 100).toFixed(2)}%`)
    .join(', ');
  const color = tone === 'verdigris' ? 'text-verdigris' : 'text-brass-fill';
  return (
    <figure lang={i18n.locale}>
      <div className={`relative h-24 ${color}`}>
        <div aria-hidden="true" className="reeded absolute inset-0 opacity-30" style={{ clipPath: `polygon(${outline})` }} />
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label} className="absolute inset-0 size-full overflow-visible">
        <path d={line} fill="none" stroke="currentColor" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        {level !== undefined && (
          <path d={`M0 ${y(level)}H${WIDTH}`} className="stroke-rust" strokeWidth="1.5" strokeDasharray="5 4" fill="none" vectorEffect="non-scaling-stroke" />
        )}
        {mark !== undefined && (
          <path d={`M${x(mark)} 0V${HEIGHT}`} className="stroke-ink" strokeWidth="1" fill="none" vectorEffect="non-scaling-stroke" />
        )}
        <path d={`M0 ${HEIGHT}H${WIDTH}`} className="stroke-edge" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      </svg>
      </div>
      <figcaption className="mt-1 flex justify-between text-small text-muted">
        <span>{start}</span>
        <span>{end}</span>
      </figcaption>
    </figure>
  );
}
