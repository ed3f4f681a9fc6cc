import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react';
import type { MessageDescriptor } from '@lingui/core';
import type { ActionKind } from '../transactions/plan.ts';

const NAMES: Readonly<Record<ActionKind, MessageDescriptor>> = {
  buy: msg`Buy tokens`,
  redeem: msg`Redeem tokens for a voucher`,
  'close-voucher': msg`Close a voucher`,
  'reclaim-voucher': msg`Reclaim what a voucher has left`,
  challenge: msg`Challenge a vendor`,
  compensate: msg`Claim compensation`,
  stake: msg`Stake tokens`,
  unstake: msg`Take staked tokens back`,
  claim: msg`Claim rewards`,
  distribute: msg`Distribute the revenue`,
  'execute-change': msg`Execute a change`,
  'cancel-change': msg`Cancel a change`,
  offer: msg`Make an offer`,
  deposit: msg`Deposit collateral`,
  'request-withdrawal': msg`Request a withdrawal`,
  withdraw: msg`Withdraw collateral`,
  'update-vault': msg`Change a vault`,
  issue: msg`Issue tokens`,
  'hand-over': msg`Hand a vault over`,
  'take-over': msg`Take a vault over`,
  'close-vault': msg`Close a vault`,
  'release-voucher': msg`Decline a voucher`,
  answer: msg`Answer a challenge`,
  'call-margin': msg`Compare a vault’s capacity with what it owes`,
  'default-vault': msg`Put a vault in default`,
};

export function ActionName({ kind }: { readonly kind: ActionKind }) {
  const { i18n } = useLingui();
  return <>{i18n._(NAMES[kind])}</>;
}
