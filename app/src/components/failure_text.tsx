import { Trans, useLingui } from '@lingui/react/macro';
import type { FailureFacts } from '../transactions/failure.ts';
import { gatewaySentence } from './gateway_sentences.ts';
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
    case 'frozen':
      return <Trans>A token account is frozen by whoever issues its token, and only they can thaw it. Nothing was sent. Use another account.</Trans>;
    case 'account':
      return <Trans>An account is not, or is no longer, what this needs. Nothing was changed. Reload the page, so that it is read again.</Trans>;
    case 'signature':
      return <Trans>A signature is missing or not valid. Nothing was changed. Connect the wallet that this belongs to, and sign again.</Trans>;
    case 'budget':
      return <Trans>The transaction needed more computation than it may use. Nothing was changed. Try again.</Trans>;
    case 'busy':
      return <Trans>The network is busy with this account. Try again in a moment, or with a higher cap for priority in Settings.</Trans>;
    case 'network':
      return <Trans>The program is not on the cluster of this RPC node, or the node does not answer as it must. Choose another node in Settings.</Trans>;
    case 'expired':
      return <Trans>The transaction expired before the network took it. Nothing happened: try again.</Trans>;
    case 'declined':
      return <Trans>You declined in the wallet. Nothing was sent.</Trans>;
    case 'wallet':
      return <Trans>The wallet could not sign: {facts.said ?? ''}. Nothing was sent. Unlock or reconnect it, and try again.</Trans>;
    case 'wallet-changed':
      return <Trans>The wallet changed its account while this was prepared. Nothing was signed. Look at what stands here now, and try again.</Trans>;
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
      return <>{facts.gateway === undefined ? null : gatewaySentence(facts.gateway, i18n)}</>;
    case 'gateway-silent':
      return <Trans>The vendor’s gateway does not answer. Wait a moment and try again; your voucher stands on chain all the same.</Trans>;
    case 'gateway-wrong':
      return <Trans>The vendor’s gateway is not the right one, or answers wrongly: {facts.said ?? ''}</Trans>;
    case 'gateway-terms':
      return <Trans>The vendor changed its prices since you saw them, so no session was opened. Look at them on the Buy page, and open it again.</Trans>;
    case 'unknown':
      return <Trans>It failed: {facts.said ?? ''}. Try again; what the chain shows is what counts.</Trans>;
  }
}
