const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
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

/** A length of time, cut off to its largest unit: “3 days”. */
export function formatDuration(seconds: number, locale: string): string {
  const [unit, length] = STEPS.find(([, length]) => seconds >= length) ?? ['second', 1];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.trunc(seconds / length));
}

/** A time to the second, in the reader's zone, which it names. */
export function formatExact(unixSeconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(unixSeconds * 1_000);
}
