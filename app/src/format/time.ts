import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';

const LENGTHS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time to the second: “90 days”, “1 hour 30 minutes”. */
export function formatDuration(seconds: number, locale: string): string {
  let rest = Math.floor(seconds);
  const parts = LENGTHS.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && !(unit === 'second' && Math.floor(seconds) === 0)) return [];
    return [new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)];
  });
  return parts.join(' ');
}

/** From how many of a unit on the next smaller one says nothing more. */
const ENOUGH: Readonly<Record<(typeof LENGTHS)[number][0], number>> = { day: 100, hour: 24, minute: 10, second: 0 };

/**
 * A time as seen from now: “in 29 days 23 hours”, “3 minutes 20 seconds ago”. It is cut off behind its second unit, so that a
 * time that is almost a unit away is not said to be none.
 */
export function formatRelative(seconds: number, i18n: I18n): string {
  const size = Math.floor(Math.abs(seconds));
  if (size === 0) return new Intl.RelativeTimeFormat(i18n.locale, { numeric: 'auto' }).format(0, 'second');
  const [index, [unit, length]] = [...LENGTHS.entries()].find(([, [, length]]) => size >= length) ?? [3, LENGTHS[3]];
  const smallest = Math.floor(size / length) < ENOUGH[unit] ? (LENGTHS[index + 1] ?? LENGTHS[index]) : LENGTHS[index];
  const cut = smallest?.[1] ?? 1;
  const duration = formatDuration(Math.floor(size / cut) * cut, i18n.locale);
  return seconds < 0 ? i18n._(msg`${duration} ago`) : i18n._(msg`in ${duration}`);
}

/** A time to the second, in the reader's zone, which it names. */
export function formatExact(unixSeconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(unixSeconds * 1_000);
}
