const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A time as seen from now, cut off to its largest unit: “in 29 days”, “3 minutes ago”. */
export function formatRelative(seconds: number, locale: string): string {
  const size = Math.abs(seconds);
  const [unit, length] = STEPS.find(([, length]) => size >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
}

const LENGTHS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time to the second: “90 days”, “1 hour 30 minutes”. */
export function formatDuration(seconds: number, locale: string): string {
  let rest = seconds;
  const parts = LENGTHS.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && !(unit === 'second' && seconds === 0)) return [];
    return [new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)];
  });
  return parts.join(' ');
}

/** A time to the second, in the reader's zone, which it names. */
export function formatExact(unixSeconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(unixSeconds * 1_000);
}
