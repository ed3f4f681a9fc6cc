import { useLingui } from '@lingui/react';
import { useMachineNow, useNow } from '../chain/queries.ts';
import { formatExact, formatRelative } from '../format/time.ts';

interface TimeProps {
  /** Unix seconds. */
  readonly at: bigint;
  /** By which clock: the chain's, or this machine's for what happened here. */
  readonly clock?: 'chain' | 'machine';
}

/** A time as seen from now; the exact one on hover, and for machines. */
export function Time({ at, clock = 'chain' }: TimeProps) {
  const { i18n } = useLingui();
  const [chain, machine] = [useNow(), useMachineNow()];
  const now = clock === 'chain' ? chain : machine;
  const date = new Date(Number(at) * 1_000);
  if (Number.isNaN(date.getTime())) return <span className="whitespace-nowrap">{at.toString()} s</span>;
  return (
    <time
      dateTime={date.toISOString()}
      title={formatExact(Number(at), i18n.locale)}
      className="cursor-help whitespace-nowrap underline decoration-line decoration-dotted underline-offset-4"
    >
      {formatRelative(Number(at - now), i18n)}
    </time>
  );
}
