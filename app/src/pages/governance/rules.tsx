import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import { useLingui } from '@lingui/react';
import type { Params } from '@specie/sdk/generated';
import { DECIMALS, formatAmount, formatBps, SOL_DECIMALS } from '../../format/amount.ts';
import { formatDuration } from '../../format/time.ts';

type Unit = 'bps' | 'seconds' | 'units' | 'lamports';

/** Every rule of a currency, in the program's order: its name here, and its unit. */
export const RULES: readonly { readonly key: keyof Params; readonly name: MessageDescriptor; readonly unit: Unit }[] = [
  { key: 'collateralRatio', name: msg`Collateral needed to issue`, unit: 'bps' },
  { key: 'maintenanceRatio', name: msg`Collateral below which sales stop`, unit: 'bps' },
  { key: 'fee', name: msg`Fee on purchases`, unit: 'bps' },
  { key: 'stakersShare', name: msg`Stakers’ part of the fees`, unit: 'bps' },
  { key: 'insuranceShare', name: msg`Insurance’s part of the fees`, unit: 'bps' },
  { key: 'treasuryShare', name: msg`Treasury’s part of the fees`, unit: 'bps' },
  { key: 'breachPremium', name: msg`What a breach pays above the price`, unit: 'bps' },
  { key: 'liquidationPremiumStep', name: msg`Step of the liquidation premium`, unit: 'bps' },
  { key: 'liquidationPremiumMax', name: msg`Highest liquidation premium`, unit: 'bps' },
  { key: 'insurancePerDefault', name: msg`Most of the insurance for one default`, unit: 'bps' },
  { key: 'standardMaxStep', name: msg`Most that the Standard rises at once`, unit: 'bps' },
  { key: 'priceMaxMove', name: msg`Most that the price moves in an interval`, unit: 'bps' },
  { key: 'issueShare', name: msg`Each vault’s share of the issue cap`, unit: 'bps' },
  { key: 'liquidationStepTime', name: msg`Time between steps of the premium`, unit: 'seconds' },
  { key: 'curePeriod', name: msg`Time to cure a margin call`, unit: 'seconds' },
  { key: 'attestationDelay', name: msg`Wait of a capacity that rose`, unit: 'seconds' },
  { key: 'attestationTtl', name: msg`How long an attestation counts`, unit: 'seconds' },
  { key: 'withdrawalDelay', name: msg`Wait of a withdrawal`, unit: 'seconds' },
  { key: 'voucherTtl', name: msg`Life of a voucher`, unit: 'seconds' },
  { key: 'disputeWindow', name: msg`Dispute window of a voucher`, unit: 'seconds' },
  { key: 'answerWindow', name: msg`Time to answer a challenge`, unit: 'seconds' },
  { key: 'answerSpacing', name: msg`More time for each challenge that is open`, unit: 'seconds' },
  { key: 'changeDelay', name: msg`Notice of a change`, unit: 'seconds' },
  { key: 'standardNotice', name: msg`Notice of a rise of the Standard`, unit: 'seconds' },
  { key: 'priceMaxAge', name: msg`How old a price may be`, unit: 'seconds' },
  { key: 'priceMinInterval', name: msg`Least time between two prices`, unit: 'seconds' },
  { key: 'issueWindow', name: msg`Time that the issue cap counts over`, unit: 'seconds' },
  { key: 'pauseMax', name: msg`Longest pause`, unit: 'seconds' },
  { key: 'issueCap', name: msg`Issue cap`, unit: 'units' },
  { key: 'minVoucherUnits', name: msg`Least of a voucher`, unit: 'units' },
  { key: 'challengeDeposit', name: msg`What a challenger stakes`, unit: 'lamports' },
];

/** A rule's value in its unit. */
export function RuleValue({ unit, value }: { readonly unit: Unit; readonly value: number | bigint }) {
  const { i18n } = useLingui();
  switch (unit) {
    case 'bps':
      return <>{formatBps(BigInt(value), i18n.locale)}</>;
    case 'seconds':
      return <span title={`${value} s`}>{formatDuration(Number(value), i18n.locale)}</span>;
    case 'units':
      return <>{formatAmount(BigInt(value), DECIMALS, i18n.locale, 2)} SCU</>;
    case 'lamports':
      return <>{formatAmount(BigInt(value), SOL_DECIMALS, i18n.locale, 2)} SOL</>;
  }
}

/** The rules that differ between two sets. */
export function changedRules(before: Params, after: Params) {
  return RULES.filter(({ key }) => before[key] !== after[key]);
}
