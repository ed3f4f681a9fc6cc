import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

/** A text to copy as it stands. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label?: string }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <div className="flex items-start rounded-box border border-line bg-sunken">
      <pre
        // A region that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={label ?? t`Text to copy`}
        className="min-w-0 flex-1 overflow-x-auto p-3 font-code text-small leading-6 whitespace-pre"
      >
        {text}
      </pre>
      <button
        type="button"
        onClick={() => void copy()}
        className="m-1.5 min-h-9 shrink-0 rounded-small border border-line bg-surface px-2.5 text-small font-medium text-verdigris-strong hover:border-ink"
      >
        {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
      </button>
    </div>
  );
}
