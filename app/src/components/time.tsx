import { useLingui } from '@lingui/react';
import { useNow } from '../chain/queries.ts';
import { formatExact, formatRelative } from '../format/time.ts';

interface TimeProps {
  /** Unix seconds by the chain's clock. */
  readonly at: bigint;
}

/** A time as seen from the chain's now; the exact one on hover, and for machines. */
export function Time({ at }: TimeProps) {
  const { i18n } = useLingui();
  const now = useNow();
  const date = new Date(Number(at) * 1_000);
  return (
    <time
      dateTime={date.toISOString()}
      title={formatExact(Number(at), i18n.locale)}
      className="cursor-help whitespace-nowrap underline decoration-line decoration-dotted underline-offset-4"
    >
      {formatRelative(Number(at - now), i18n.locale)}
    </time>
  );
}
