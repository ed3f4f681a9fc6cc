// Generated from idl/specie.json by `npm run generate`: do not edit.

import {
  getAnsweredEventDecoder,
  type AnsweredEvent,
  getAttestationVetoedEventDecoder,
  type AttestationVetoedEvent,
  getCapacityAttestedEventDecoder,
  type CapacityAttestedEvent,
  getChallengedEventDecoder,
  type ChallengedEvent,
  getChangeCancelledEventDecoder,
  type ChangeCancelledEvent,
  getChangeExecutedEventDecoder,
  type ChangeExecutedEvent,
  getChangeScheduledEventDecoder,
  type ChangeScheduledEvent,
  getClaimedEventDecoder,
  type ClaimedEvent,
  getCloseRequestedEventDecoder,
  type CloseRequestedEvent,
  getCollateralDepositedEventDecoder,
  type CollateralDepositedEvent,
  getCollateralWithdrawnEventDecoder,
  type CollateralWithdrawnEvent,
  getCompensatedEventDecoder,
  type CompensatedEvent,
  getCurrencyCreatedEventDecoder,
  type CurrencyCreatedEvent,
  getDistributedEventDecoder,
  type DistributedEvent,
  getIssuedEventDecoder,
  type IssuedEvent,
  getLiquidatedEventDecoder,
  type LiquidatedEvent,
  getMarginCalledEventDecoder,
  type MarginCalledEvent,
  getPausedEventDecoder,
  type PausedEvent,
  getPricePostedEventDecoder,
  type PricePostedEvent,
  getPurchasedEventDecoder,
  type PurchasedEvent,
  getReclaimedEventDecoder,
  type ReclaimedEvent,
  getRedeemedEventDecoder,
  type RedeemedEvent,
  getResumedEventDecoder,
  type ResumedEvent,
  getSettledEventDecoder,
  type SettledEvent,
  getStakedEventDecoder,
  type StakedEvent,
  getUnstakedEventDecoder,
  type UnstakedEvent,
  getVaultClosedEventDecoder,
  type VaultClosedEvent,
  getVaultDefaultedEventDecoder,
  type VaultDefaultedEvent,
  getVaultOpenedEventDecoder,
  type VaultOpenedEvent,
  getVaultReinstatedEventDecoder,
  type VaultReinstatedEvent,
  getVaultSuspendedEventDecoder,
  type VaultSuspendedEvent,
  getVaultUpdatedEventDecoder,
  type VaultUpdatedEvent,
  getVoucherReleasedEventDecoder,
  type VoucherReleasedEvent,
  getWithdrawalRequestedEventDecoder,
  type WithdrawalRequestedEvent,
} from "../types/index.js";

/** One of the program's events, by its name. */
export type SpecieEvent =
  | { readonly name: "Answered"; readonly data: AnsweredEvent }
  | { readonly name: "AttestationVetoed"; readonly data: AttestationVetoedEvent }
  | { readonly name: "CapacityAttested"; readonly data: CapacityAttestedEvent }
  | { readonly name: "Challenged"; readonly data: ChallengedEvent }
  | { readonly name: "ChangeCancelled"; readonly data: ChangeCancelledEvent }
  | { readonly name: "ChangeExecuted"; readonly data: ChangeExecutedEvent }
  | { readonly name: "ChangeScheduled"; readonly data: ChangeScheduledEvent }
  | { readonly name: "Claimed"; readonly data: ClaimedEvent }
  | { readonly name: "CloseRequested"; readonly data: CloseRequestedEvent }
  | { readonly name: "CollateralDeposited"; readonly data: CollateralDepositedEvent }
  | { readonly name: "CollateralWithdrawn"; readonly data: CollateralWithdrawnEvent }
  | { readonly name: "Compensated"; readonly data: CompensatedEvent }
  | { readonly name: "CurrencyCreated"; readonly data: CurrencyCreatedEvent }
  | { readonly name: "Distributed"; readonly data: DistributedEvent }
  | { readonly name: "Issued"; readonly data: IssuedEvent }
  | { readonly name: "Liquidated"; readonly data: LiquidatedEvent }
  | { readonly name: "MarginCalled"; readonly data: MarginCalledEvent }
  | { readonly name: "Paused"; readonly data: PausedEvent }
  | { readonly name: "PricePosted"; readonly data: PricePostedEvent }
  | { readonly name: "Purchased"; readonly data: PurchasedEvent }
  | { readonly name: "Reclaimed"; readonly data: ReclaimedEvent }
  | { readonly name: "Redeemed"; readonly data: RedeemedEvent }
  | { readonly name: "Resumed"; readonly data: ResumedEvent }
  | { readonly name: "Settled"; readonly data: SettledEvent }
  | { readonly name: "Staked"; readonly data: StakedEvent }
  | { readonly name: "Unstaked"; readonly data: UnstakedEvent }
  | { readonly name: "VaultClosed"; readonly data: VaultClosedEvent }
  | { readonly name: "VaultDefaulted"; readonly data: VaultDefaultedEvent }
  | { readonly name: "VaultOpened"; readonly data: VaultOpenedEvent }
  | { readonly name: "VaultReinstated"; readonly data: VaultReinstatedEvent }
  | { readonly name: "VaultSuspended"; readonly data: VaultSuspendedEvent }
  | { readonly name: "VaultUpdated"; readonly data: VaultUpdatedEvent }
  | { readonly name: "VoucherReleased"; readonly data: VoucherReleasedEvent }
  | { readonly name: "WithdrawalRequested"; readonly data: WithdrawalRequestedEvent };

/** The name of one of the program's events. */
export type SpecieEventName = SpecieEvent["name"];

/** Every event's name and decoder by its discriminator: the first eight bytes in the log, in hexadecimal. */
export const EVENTS = {
  "2860574c346bf5ed": { name: "Answered", decoder: getAnsweredEventDecoder },
  "12542fad42bfb484": { name: "AttestationVetoed", decoder: getAttestationVetoedEventDecoder },
  "8738a760b6c8f646": { name: "CapacityAttested", decoder: getCapacityAttestedEventDecoder },
  "d03068e5e755afc1": { name: "Challenged", decoder: getChallengedEventDecoder },
  "8bb36151d615775d": { name: "ChangeCancelled", decoder: getChangeCancelledEventDecoder },
  "3273080c8b08bf1a": { name: "ChangeExecuted", decoder: getChangeExecutedEventDecoder },
  "cc4c070b0fadca21": { name: "ChangeScheduled", decoder: getChangeScheduledEventDecoder },
  "d9c07b486c96f821": { name: "Claimed", decoder: getClaimedEventDecoder },
  "8878aa4ea8ec2f76": { name: "CloseRequested", decoder: getCloseRequestedEventDecoder },
  "f43e4d0b87703d60": { name: "CollateralDeposited", decoder: getCollateralDepositedEventDecoder },
  "33e0856a4aad4852": { name: "CollateralWithdrawn", decoder: getCollateralWithdrawnEventDecoder },
  "e3b98f112939759a": { name: "Compensated", decoder: getCompensatedEventDecoder },
  "613531e21491ddfd": { name: "CurrencyCreated", decoder: getCurrencyCreatedEventDecoder },
  "0ad4184e23cab686": { name: "Distributed", decoder: getDistributedEventDecoder },
  "0dcb4b252360f8fa": { name: "Issued", decoder: getIssuedEventDecoder },
  "e739374b00aaf644": { name: "Liquidated", decoder: getLiquidatedEventDecoder },
  "0b24e6805454db5e": { name: "MarginCalled", decoder: getMarginCalledEventDecoder },
  "acf805fd31ffffe8": { name: "Paused", decoder: getPausedEventDecoder },
  "a60df9c3fa91d5e5": { name: "PricePosted", decoder: getPricePostedEventDecoder },
  "147021e8b1f8d7e9": { name: "Purchased", decoder: getPurchasedEventDecoder },
  "e619208728a78982": { name: "Reclaimed", decoder: getReclaimedEventDecoder },
  "0e1db7471fa56b26": { name: "Redeemed", decoder: getRedeemedEventDecoder },
  "518375e6f078780e": { name: "Resumed", decoder: getResumedEventDecoder },
  "e8d228118e7c91ee": { name: "Settled", decoder: getSettledEventDecoder },
  "0b922dcde63ad5f0": { name: "Staked", decoder: getStakedEventDecoder },
  "1bb39cd72f47c307": { name: "Unstaked", decoder: getUnstakedEventDecoder },
  "ee8126e4e376f9d7": { name: "VaultClosed", decoder: getVaultClosedEventDecoder },
  "bdde7a04fe948e9b": { name: "VaultDefaulted", decoder: getVaultDefaultedEventDecoder },
  "c6fac3191a6bc510": { name: "VaultOpened", decoder: getVaultOpenedEventDecoder },
  "7b2d5690ff33c42a": { name: "VaultReinstated", decoder: getVaultReinstatedEventDecoder },
  "a9a38d07d6cbfd61": { name: "VaultSuspended", decoder: getVaultSuspendedEventDecoder },
  "5dbb91d886c90369": { name: "VaultUpdated", decoder: getVaultUpdatedEventDecoder },
  "4c77752830ba599e": { name: "VoucherReleased", decoder: getVoucherReleasedEventDecoder },
  "4bcf150ca0669637": { name: "WithdrawalRequested", decoder: getWithdrawalRequestedEventDecoder },
} as const;
