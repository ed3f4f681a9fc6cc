//! What an action is on the chain: the instructions that do it.

mod governance;
mod outside;
mod vouchers;

use {
    crate::stage::{Cast, Places},
    solana_instruction::Instruction,
    solana_pubkey::Pubkey,
    specie::instructions::{OpenVaultArgs, UpdateVaultArgs},
    specie_client::{
        instruction::{self as ix, Signed},
        state,
        units::{Bps, Price, Units},
    },
    specie_tests::{
        model::{
            Economy, Purse, Who,
            action::{Action, Offer, Signing},
        },
        world::{CLUSTER, World},
    },
    specie_wire::Message,
};

/// What performs an action: where everything is, and how things stand before it.
pub(crate) struct Stagehand<'a> {
    pub world: &'a World,
    pub before: &'a Economy,
    pub cast: &'static Cast,
    pub places: &'static Places,
}

impl<'a> Stagehand<'a> {
    pub(crate) fn new(world: &'a World, before: &'a Economy) -> Self {
        Self {
            world,
            before,
            cast: Cast::get(),
            places: Places::get(),
        }
    }

    pub(crate) fn at(&self, who: Who) -> Pubkey {
        self.cast.party(who).address()
    }

    /// The quorum's signatures over a message.
    pub(crate) fn signed<M: Message>(&self, message: &M, signing: Signing) -> Vec<Signed> {
        let quorum = &self.before.quorum;
        let keys = quorum.keys.iter().take(quorum.signers(signing).into());
        keys.map(|who| self.cast.party(*who).sign(message, &CLUSTER))
            .collect()
    }

    pub(crate) fn epoch(&self, signing: Signing) -> u32 {
        self.before
            .quorum
            .epoch
            .saturating_add_signed(signing.epoch as i32)
    }

    /// Who paid a voucher's rent; somebody, where there is no such voucher.
    pub(crate) fn rent_payer(&self, vault: u8, session: u32) -> Pubkey {
        let voucher = self.before.vouchers.get(&(vault, session));
        self.at(voucher.map_or(Who::Holder(0), |voucher| voucher.rent_payer))
    }

    /// The instructions of an action; the program's is the last one.
    pub(crate) fn instructions(&self, action: &Action) -> Vec<Instruction> {
        let (places, currency, mint) = (self.places, self.places.currency, self.places.mint);
        let now = self.before.now;
        match *action {
            Action::Pause { by, seconds } => vec![ix::pause(currency, self.at(by), now + seconds)],
            Action::Resume { by } => vec![ix::resume(currency, self.at(by))],
            Action::PostPrice {
                price,
                sequence,
                ago,
                signing,
            } => {
                let message = specie_wire::Price {
                    currency: currency.to_bytes(),
                    quorum_epoch: self.epoch(signing),
                    sequence: self
                        .before
                        .standard
                        .price_sequence
                        .saturating_add_signed(sequence),
                    price,
                    published_at: now - ago,
                };
                ix::post_price(&CLUSTER, &message, &self.signed(&message, signing)).into()
            }
            Action::OpenVault {
                vendor,
                by,
                limit,
                classes,
            } => {
                let open = ix::OpenVault {
                    currency,
                    collateral_mint: places.stable_mint,
                    payer: self.at(by),
                    vendor: self.at(Who::Vendor(vendor)),
                    authority: self.at(by),
                    payout: places.purse(Purse::Payout(vendor)),
                };
                let args = OpenVaultArgs {
                    issuer: self.at(Who::Issuer(vendor)),
                    operator: self.at(Who::Operator(vendor)),
                    limit: Units::new(limit),
                    classes,
                };
                vec![ix::open_vault(&open, args)]
            }
            Action::UpdateVault {
                vault,
                by,
                vendor,
                operator,
                classes,
                offer,
            } => self.update_vault(vault, by, vendor, operator, classes, offer),
            Action::AttestCapacity {
                vault,
                rate,
                ends,
                sequence,
                ago,
                signing,
            } => {
                let last = self.before.vaults.get(&vault);
                let last = last.map_or(0, |vault| vault.attestation_sequence);
                let sequence = last.saturating_add_signed(sequence);
                let message = specie_wire::Capacity {
                    currency: currency.to_bytes(),
                    vault: places.vault(vault).to_bytes(),
                    inventory_hash: [sequence as u8; 32],
                    quorum_epoch: self.epoch(signing),
                    sequence,
                    rate,
                    ends_at: now + ends,
                    attested_at: now - ago,
                };
                ix::attest_capacity(&CLUSTER, &message, &self.signed(&message, signing)).into()
            }
            Action::VetoAttestation { vault, by } => {
                vec![ix::veto_attestation(
                    currency,
                    places.vault(vault),
                    self.at(by),
                )]
            }
            Action::DepositCollateral { vault, by, amount } => {
                let from = places.purse(Purse::Stable(by));
                vec![ix::deposit_collateral(
                    currency,
                    places.vault(vault),
                    self.at(by),
                    from,
                    amount,
                )]
            }
            Action::RequestWithdrawal { vault, by, amount } => {
                vec![ix::request_withdrawal(
                    currency,
                    places.vault(vault),
                    self.at(by),
                    amount,
                )]
            }
            Action::WithdrawCollateral { vault, by } => {
                let to = places.purse(Purse::Stable(by));
                vec![ix::withdraw_collateral(
                    currency,
                    places.vault(vault),
                    self.at(by),
                    to,
                )]
            }
            Action::Issue {
                vault,
                by,
                to,
                tokens,
                most,
            } => {
                let issue = ix::Issue {
                    mint,
                    vault: places.vault(vault),
                    vendor: self.at(by),
                    from: places.purse(Purse::Stable(by)),
                    to: places.purse(Purse::Tokens(to)),
                    tokens,
                    max_fee: most,
                };
                vec![ix::issue(&issue)]
            }
            Action::Purchase {
                vault,
                by,
                tokens,
                most,
            } => {
                let purchase = ix::Purchase {
                    mint,
                    vault: places.vault(vault),
                    payout: places.purse(Purse::Payout(vault)),
                    buyer: self.at(by),
                    from: places.purse(Purse::Stable(by)),
                    to: places.purse(Purse::Tokens(by)),
                    tokens,
                    max_payment: most,
                };
                vec![ix::purchase(&purchase)]
            }
            Action::Redeem {
                vault,
                by,
                session,
                tokens,
                class,
            } => {
                let redeem = ix::Redeem {
                    mint,
                    vault: places.vault(vault),
                    owner: self.at(by),
                    session: self.cast.session(session).address(),
                    rent_payer: self.at(by),
                    tokens,
                    class: state::Class::Inference,
                };
                let mut instruction = ix::redeem(&redeem);
                // The client knows no class that does not exist; its number stands before the bump, which is last.
                *instruction.data.iter_mut().nth_back(1).expect("a class") = class;
                vec![instruction]
            }
            Action::Settle {
                vault,
                ref receipts,
            } => {
                let receipts: Vec<_> = receipts.iter().map(|r| self.receipt(vault, *r)).collect();
                let of = self.before.vaults.get(&vault);
                let defaulted = of.is_some_and(|of| of.assessments > 0).then_some(mint);
                let vault = places.vault(vault);
                ix::settle(currency, vault, defaulted, &CLUSTER, &receipts).into()
            }
            Action::RequestClose { vault, session, by } => {
                let voucher = places.voucher(vault, session);
                vec![ix::request_close(
                    currency,
                    places.vault(vault),
                    voucher,
                    self.at(by),
                )]
            }
            Action::Reclaim { vault, session, to } => {
                vec![self.reclaim(vault, session, to)]
            }
            Action::Donate { to, amount } => vec![self.donate(to, amount)],
            Action::Freeze { account } => vec![self.set_frozen(account, true)],
            Action::Thaw { account } => vec![self.set_frozen(account, false)],
            Action::Burn { by, tokens } => vec![self.burn(by, tokens)],
            Action::Transfer { by, to, tokens } => {
                vec![self.transfer(Purse::Tokens(by), by, Purse::Tokens(to), tokens)]
            }
            Action::CreateCurrency {
                mint,
                rule,
                value,
                threshold,
                keys,
                work,
                ..
            } => {
                vec![self.create_currency(mint, (rule, value), (threshold, keys), work)]
            }
            Action::ScheduleChange { by, proposal, .. } => vec![self.schedule_change(by, proposal)],
            Action::ExecuteChange { label, by } => vec![self.execute_change(label, by)],
            Action::CancelChange { label, by } => vec![self.cancel_change(label, by)],
            Action::SuspendVault { vault, by } => {
                vec![ix::suspend_vault(
                    currency,
                    places.vault(vault),
                    self.at(by),
                )]
            }
            Action::ReinstateVault { vault, by } => {
                vec![ix::reinstate_vault(
                    currency,
                    places.vault(vault),
                    self.at(by),
                )]
            }
            Action::ReleaseVoucher { vault, session, by } => {
                vec![self.release_voucher(vault, session, by)]
            }
            Action::Challenge { vault, session, by } => vec![self.challenge(vault, session, by)],
            Action::Answer {
                vault,
                session,
                by,
                issuer,
                more,
            } => self.answer((vault, session), by, issuer, more),
            Action::Compensate { vault, session } => vec![self.compensate(vault, session)],
            Action::RuleBreach {
                vault,
                session,
                by,
                units,
                ago,
                signing,
            } => self.rule_breach((vault, session), by, units, ago, signing),
            Action::CallMargin { vault } => vec![ix::call_margin(currency, places.vault(vault))],
            Action::DefaultVault { vault } => vec![ix::default_vault(mint, places.vault(vault))],
            Action::Liquidate {
                vault,
                by,
                tokens,
                least,
            } => {
                let sale = ix::Liquidate {
                    mint,
                    vault: places.vault(vault),
                    seller: self.at(by),
                    from: places.purse(Purse::Tokens(by)),
                    to: places.purse(Purse::Stable(by)),
                    tokens,
                    min_payment: least,
                };
                vec![ix::liquidate(&sale)]
            }
            Action::CloseVault { vault, by } => vec![self.close_vault(vault, by)],
            Action::Distribute { treasury } => {
                vec![ix::distribute(
                    currency,
                    places.purse(Purse::Treasury(treasury)),
                )]
            }
            Action::Stake { by, tokens } => {
                vec![ix::stake(
                    places.pool,
                    self.at(by),
                    places.purse(Purse::Tokens(by)),
                    tokens,
                )]
            }
            Action::Unstake { by, tokens } => {
                vec![ix::unstake(
                    places.pool,
                    self.at(by),
                    places.purse(Purse::Tokens(by)),
                    tokens,
                )]
            }
            Action::Claim { by } => {
                vec![ix::claim(
                    places.pool,
                    self.at(by),
                    places.purse(Purse::Stable(by)),
                )]
            }
            Action::Wait { .. } => Vec::new(),
        }
    }

    /// The vendor closes; where holders lost anything, anybody does, and nobody signs.
    fn close_vault(&self, vault: u8, by: Who) -> Instruction {
        let (currency, at) = (self.places.currency, self.places.vault(vault));
        let of = self.before.vaults.get(&vault);
        match of.filter(|of| of.liquidation.written_off > 0) {
            Some(of) => ix::close_written_off_vault(currency, at, self.at(of.vendor)),
            None => ix::close_vault(
                currency,
                at,
                self.at(by),
                self.places.purse(Purse::Stable(by)),
            ),
        }
    }

    fn update_vault(
        &self,
        vault: u8,
        by: Who,
        vendor: Option<Who>,
        operator: Option<Who>,
        classes: Option<u8>,
        offer: Option<Offer>,
    ) -> Vec<Instruction> {
        let account = state::Vault {
            vendor: self.at(by),
            currency: self.places.currency,
            ..bytemuck::Zeroable::zeroed()
        };
        let args = UpdateVaultArgs {
            vendor: vendor.map(|who| self.at(who)),
            issuer: None,
            operator: operator.map(|who| self.at(who)),
            classes,
            offer: offer.map(|offer| state::Offer {
                price: Price::new(offer.price),
                units: Units::new(offer.units),
                retained: Bps::new(offer.retained as u32),
            }),
        };
        let payout = self.places.purse(Purse::Payout(vault));
        vec![ix::update_vault(
            self.places.vault(vault),
            &account,
            payout,
            args,
        )]
    }
}
