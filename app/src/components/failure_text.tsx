import { Trans, useLingui } from '@lingui/react/macro';
import type { FailureFacts } from '../transactions/failure.ts';
import { refusalSentence } from './refusals.ts';

/** A failure's sentence, with its remedy. */
export function FailureText({ facts }: { readonly facts: FailureFacts }) {
  const { i18n } = useLingui();
  switch (facts.code) {
    case 'program':
      return <>{refusalSentence(facts.program ?? 0, i18n)}</>;
    case 'funds':
      return <Trans>A balance is too small for this. Nothing was sent. Use a smaller amount, or top the wallet up.</Trans>;
    case 'fee-funds':
      return <Trans>The wallet has too little SOL for the fee and the rent of new accounts. Nothing was sent. Add some SOL.</Trans>;
    case 'expired':
      return <Trans>The transaction expired before the network took it. Nothing happened: try again.</Trans>;
    case 'declined':
      return <Trans>You declined in the wallet. Nothing was sent.</Trans>;
    case 'wallet':
      return <Trans>The wallet could not sign: {facts.said ?? ''}. Nothing was sent. Unlock or reconnect it, and try again.</Trans>;
    case 'altered':
      return (
        <Trans>
          The wallet returned another transaction than it was asked to sign. Nothing was sent. Try again, or use another wallet.
        </Trans>
      );
    case 'cluster':
      return (
        <Trans>
          The RPC node is of another cluster than this currency. Nothing was signed. Choose a node of the right cluster in Settings.
        </Trans>
      );
    case 'rpc':
      return <Trans>No RPC node answers. What you see may be old. Wait a moment, or name another node in Settings.</Trans>;
    case 'gateway':
      return <Trans>The vendor’s gateway refused: {facts.said ?? ''}</Trans>;
    case 'unknown':
      return <Trans>It failed: {facts.said ?? ''}. Try again; what the chain shows is what counts.</Trans>;
  }
}
