import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { REASONS, type Reason } from '@specie/sdk/gateway';
import { DECIMALS, formatAmount } from '../format/amount.ts';
import { formatDuration } from '../format/time.ts';
import type { GatewayRefusal } from '../transactions/failure.ts';

/** What is said of a reason: its sentence is shared by all that ask the reader for the same. */
type Kind =
  | 'allowance'
  | 'body-large'
  | 'body-lost'
  | 'busy'
  | 'chain'
  | 'class'
  | 'closing'
  | 'consumed'
  | 'defect'
  | 'elsewhere'
  | 'exhausted'
  | 'expired'
  | 'issuer'
  | 'key-budget'
  | 'ledger'
  | 'model'
  | 'not-final'
  | 'not-its-own'
  | 'page'
  | 'rate'
  | 'receipt'
  | 'receipt-low'
  | 'session'
  | 'sessions'
  | 'terms'
  | 'tokens'
  | 'upstream'
  | 'upstream-refused'
  | 'vendor-changes';

/** The kind of every reason that the SDK knows; the compiler asks for those that a newer document adds. */
const KINDS: Readonly<Record<Reason, Kind>> = {
  accelerators_invalid: 'page',
  ambiguous_api_key: 'page',
  answer_not_kept: 'page',
  body_broken: 'body-lost',
  body_too_large: 'body-large',
  body_too_slow: 'body-lost',
  chain_out_of_reach: 'chain',
  chain_unconfirmed: 'chain',
  chain_unexpected: 'chain',
  class_not_served: 'class',
  clocks_differ: 'vendor-changes',
  compressed_body: 'page',
  content_not_text: 'page',
  defect: 'defect',
  dispute_window_too_short: 'vendor-changes',
  endpoint_not_served: 'model',
  expired_api_key: 'session',
  idempotency_key_in_use: 'page',
  idempotency_key_invalid: 'page',
  idempotency_key_reused: 'page',
  insufficient_allowance: 'allowance',
  issuer_out_of_reach: 'issuer',
  issuer_refused: 'issuer',
  issuer_replaced: 'vendor-changes',
  issuer_unexpected: 'issuer',
  job_invalid: 'page',
  key_budget_exceeded: 'key-budget',
  key_budget_held: 'key-budget',
  key_invalid: 'page',
  ledger_unavailable: 'ledger',
  length_required: 'page',
  malformed_body: 'page',
  malformed_url: 'page',
  method_not_allowed: 'page',
  missing_api_key: 'session',
  model_not_allowed: 'model',
  model_not_found: 'model',
  model_not_in_terms: 'model',
  not_an_address: 'page',
  parameter_invalid: 'page',
  parameter_not_offered: 'page',
  parameter_repeated: 'page',
  payment_malformed: 'page',
  payment_not_taken: 'page',
  pool_full: 'busy',
  pool_not_in_terms: 'terms',
  proof_invalid: 'receipt',
  proof_not_of_now: 'receipt',
  proof_of_another_voucher: 'receipt',
  proof_used: 'receipt',
  proof_without_identity: 'receipt',
  provisioner_out_of_reach: 'upstream',
  rate_limited: 'rate',
  receipt_above_voucher: 'receipt',
  receipt_malformed: 'receipt',
  receipt_not_higher: 'receipt-low',
  receipt_of_another_cluster: 'receipt',
  receipt_of_another_opening: 'receipt',
  receipt_of_another_voucher: 'receipt',
  receipt_signature_invalid: 'receipt',
  revoked_api_key: 'session',
  rpc_disagree: 'chain',
  rpc_lags: 'chain',
  rpc_of_another_cluster: 'vendor-changes',
  session_key_needed: 'session',
  start_refused: 'upstream-refused',
  terms_changed: 'terms',
  too_many_choices: 'page',
  too_many_inputs: 'page',
  too_many_keys: 'page',
  too_many_lookups: 'busy',
  too_many_receipts: 'rate',
  too_many_requests: 'busy',
  too_many_requests_of_voucher: 'rate',
  too_many_sessions: 'sessions',
  too_many_tokens: 'tokens',
  unknown_api_key: 'session',
  unknown_key: 'session',
  unknown_lease: 'session',
  unknown_pool: 'model',
  unknown_session: 'session',
  upstream_busy: 'upstream',
  upstream_failed: 'upstream',
  upstream_failing: 'upstream',
  upstream_out_of_reach: 'upstream',
  upstream_refused: 'upstream-refused',
  upstream_too_slow: 'upstream',
  voucher_closing: 'closing',
  voucher_consumed: 'consumed',
  voucher_differs_from_chain: 'not-its-own',
  voucher_exhausted: 'exhausted',
  voucher_expired: 'expired',
  voucher_not_finalized: 'not-final',
  voucher_not_signed_here: 'not-its-own',
  voucher_of_another_class: 'class',
  voucher_of_another_vault: 'not-its-own',
  voucher_required: 'session',
  voucher_settled_elsewhere: 'elsewhere',
  voucher_too_large: 'not-its-own',
};

function isKnown(reason: string): reason is Reason {
  return Object.hasOwn(REASONS, reason);
}

/** A gateway's refusal in the reader's language: what is wrong, with its figures, and what helps. */
export function gatewaySentence({ reason, figures, retryAfter, said }: GatewayRefusal, i18n: I18n): string {
  const units = (value: string): string => `${formatAmount(BigInt(value), DECIMALS, i18n.locale)} SCU`;
  const { needed, available, claimable, consumed, held, left, limit } = figures;
  const wait = retryAfter === undefined ? i18n._(msg`a moment`) : formatDuration(retryAfter, i18n.locale);
  if (!isKnown(reason)) return i18n._(msg`The vendor’s gateway refuses for a reason that this page does not know (${reason}). Reload the page, and try again; if it stays, ask the vendor.`);
  switch (KINDS[reason]) {
    case 'allowance':
      return needed === undefined || available === undefined
        ? i18n._(msg`This can cost more than your browser has signed for. Sign for more, or ask for less.`)
        : i18n._(msg`This can cost ${units(needed)}, and of what your browser has signed for ${units(available)} are free. Sign for more, or ask for less.`);
    case 'exhausted': {
      if (needed === undefined || claimable === undefined || consumed === undefined || held === undefined) {
        return i18n._(msg`The voucher has too little left for this. Ask for less, or redeem another.`);
      }
      const free = BigInt(claimable) - BigInt(consumed) - BigInt(held);
      return i18n._(msg`This can cost ${units(needed)}, and the voucher has ${units((free < 0n ? 0n : free).toString())} left. Ask for less, or redeem another.`);
    }
    case 'key-budget':
      return needed === undefined || left === undefined
        ? i18n._(msg`The key’s budget has too little left for this. Wait for its next interval, or use the session’s own key.`)
        : i18n._(msg`This can cost ${units(needed)}, and the key’s budget has ${units(left)} left. Wait for its next interval, or use the session’s own key.`);
    case 'receipt-low':
      return figures['allowance'] === undefined
        ? i18n._(msg`The gateway has a receipt over as much already. Sign for more than before.`)
        : i18n._(msg`The gateway has a receipt over ${units(figures['allowance'])} already. Sign for more than that.`);
    case 'not-final':
      return i18n._(msg`The voucher’s account is not final on chain yet, which takes about half a minute after it was confirmed. Try again in ${wait}.`);
    case 'consumed':
      return i18n._(msg`The voucher is used up. Redeem another.`);
    case 'closing':
      return i18n._(msg`The voucher is closing, so nothing more is served on it. Redeem another; what is left of this one comes back under Vouchers.`);
    case 'expired':
      return i18n._(msg`The voucher has ended, so nothing more is served on it. Redeem another; what is left of this one comes back under Vouchers.`);
    case 'class':
      return i18n._(msg`This vendor does not serve what the voucher is for. Close the voucher under Vouchers, and redeem at another vendor.`);
    case 'not-its-own':
      return i18n._(msg`The gateway does not take the voucher for one of its vault’s. Reload the page; if it stays, ask the vendor, or close the voucher under Vouchers.`);
    case 'elsewhere':
      return i18n._(msg`Receipts of this voucher were settled that this gateway does not have: another gateway of the vendor serves it. Ask the vendor which, or close the voucher under Vouchers.`);
    case 'session':
      return i18n._(msg`The session has ended, or the gateway does not know its key. Open another.`);
    case 'sessions':
      return i18n._(msg`The voucher has as many open sessions as it may have. Wait until one of them ends, and open another then.`);
    case 'terms':
      return i18n._(msg`The vendor has changed its prices. Look at them on the Buy page, and open another session.`);
    case 'model':
      return i18n._(msg`The vendor does not serve this model in your session. Choose another model, or open another session.`);
    case 'tokens':
      return i18n._(msg`The answer may not be as long as was asked for. Ask for less, or choose another model.`);
    case 'body-large':
      return limit === undefined
        ? i18n._(msg`The conversation is longer than the gateway takes. Begin a new one.`)
        : i18n._(msg`The conversation is longer than the ${formatAmount(BigInt(limit), 0, i18n.locale)} bytes that the gateway takes. Begin a new one.`);
    case 'body-lost':
      return i18n._(msg`What you sent did not arrive whole. Nothing was charged. Try again.`);
    case 'rate':
      return i18n._(msg`That was faster than the gateway takes it from one voucher. Try again in ${wait}.`);
    case 'busy':
      return i18n._(msg`The vendor is busy with others. Nothing was charged. Try again in ${wait}.`);
    case 'upstream':
      return i18n._(msg`The vendor’s servers do not answer as they should. Try again in ${wait}; what was charged, if anything, stands under Vouchers.`);
    case 'upstream-refused':
      return i18n._(msg`The vendor’s server refuses this request: ${said}. Ask otherwise, or choose another model.`);
    case 'chain':
      return i18n._(msg`The gateway cannot read the chain at the moment. Nothing was charged. Try again in ${wait}.`);
    case 'issuer':
      return i18n._(msg`The vendor cannot sign vouchers at the moment. Nothing was charged. Try again in ${wait}; if it stays, ask the vendor.`);
    case 'vendor-changes':
      return i18n._(msg`The vendor’s gateway is not set up as the chain has it, so it serves nobody. Ask the vendor; your voucher stands on chain all the same.`);
    case 'ledger':
      return i18n._(msg`The gateway cannot write down what it serves, so it serves nothing. Try again in ${wait}; what was charged stands under Vouchers.`);
    case 'defect':
      return i18n._(msg`The gateway failed by a defect of its own. Whether this was charged stands under Vouchers. Try again, and tell the vendor.`);
    case 'receipt':
      return i18n._(msg`The gateway does not take what your browser signed. See that this device’s clock is right, and reload the page; if it stays, tell the vendor.`);
    case 'page':
      return i18n._(msg`The gateway does not understand this page. Nothing was charged. Reload the page; if it stays, tell the vendor: ${reason}.`);
  }
}
