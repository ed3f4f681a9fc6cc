import { Trans } from '@lingui/react/macro';
import { useState } from 'react';

/** An address by its ends, all of it on hover; a click copies it. */
export function Address({ value, label }: { readonly value: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <button
      type="button"
      onClick={() => void copy()}
      title={value}
      className="font-code text-[0.86em] whitespace-nowrap text-muted hover:text-ink"
    >
      <span className="sr-only">
        <Trans>Copy</Trans>{' '}
      </span>
      {copied ? <Trans>Copied</Trans> : (label ?? shortAddress(value))}
    </button>
  );
}

export function shortAddress(value: string): string {
  return value.length > 12 ? `${value.slice(0, 4)}…${value.slice(-4)}` : value;
}
