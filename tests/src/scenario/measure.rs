//! What holders could redeem at a moment, from chain state alone.

use {
    crate::world::{Vendor, World},
    specie::{constants::UNITS_PER_SCU, math::Rounding},
    specie_client::{
        address,
        state::{Backing, Quorum, Standard, Vault, VaultStatus},
        units::{Seconds, Timestamp, Tokens},
    },
};

/// The chain's state at the end of a step.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    /// Reference price, in collateral base units per SCU.
    pub(super) price: u64,
    /// Supply of the token, in base units.
    pub(super) supply: u64,
    /// Parts per 10⁹ of a token's face that are backed.
    pub(super) backing: u64,
    /// What all tokens claim, in units: supply × backing.
    pub(super) claims: u64,
    /// Units of it that vaults owe and their capacity still delivers, after their open work.
    pub(super) in_kind: u64,
    /// The same without the vendors that have vanished, whether or not the chain knows yet: the only number here that the
    /// chain does not tell.
    pub(super) truly_in_kind: u64,
    /// Collateral, withdrawals on their way and insurance, in collateral base units.
    pub(super) cash: u64,
    /// Units that attested capacity delivers before it leaves the pledge, at today's Standard.
    pub(super) capacity: u64,
    /// Units owed to holders of vouchers.
    pub(super) open: u64,
    /// Units that defaulted vaults are still to buy back.
    pub(super) shortage: u64,
    pub(super) active: usize,
    pub(super) called: usize,
    pub(super) defaulted: usize,
    /// Of the vaults that owe anything, the least collateral of the value owed.
    pub(super) thinnest: f64,
}

impl Sample {
    /// What part of their claims holders could redeem as compute.
    pub(super) fn kind_share(&self) -> f64 {
        share(self.in_kind, self.claims)
    }

    /// What part of their claims vendors that are still there would serve.
    pub(super) fn true_kind_share(&self) -> f64 {
        share(self.truly_in_kind, self.claims)
    }

    /// What part of their claims all the cash would pay for at the price.
    pub(super) fn cash_share(&self) -> f64 {
        self.cash as f64 * UNITS_PER_SCU as f64 / (self.claims as f64 * self.price as f64)
    }

    /// What part of a token's face is backed.
    pub(super) fn backing_share(&self) -> f64 {
        self.backing as f64 / 1e9
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Work that a vault's capacity still delivers, as a margin call counts it: an attestation that ran out counts as nothing
/// only where the quorum has been seen since, and nothing counts of a vault that owes a penalty.
pub(super) fn margin_work(vault: &Vault, quorum: &Quorum, ttl: Seconds, now: i64) -> u128 {
    let now = Timestamp::new(now);
    let mut vault = *vault;
    vault.promote_pending(now);
    let runs_out = vault.attested.attested_at.after(ttl).expect("a time");
    if quorum.last_seen_at > runs_out || vault.has_forfeited_capacity() {
        return 0;
    }
    vault.attested.rate.work_until(vault.attested.ends_at, now)
}

/// What a token is backed by, in parts per 10⁹ of a unit.
pub(super) fn billionths(backing: Backing) -> u64 {
    let units = Tokens::new(1_000_000_000).units(backing, Rounding::Down);
    units.expect("at most as many units").get()
}

/// Reads everything that a sample is made of, of vaults and whether their vendors have vanished.
pub(super) fn sample<'a>(
    world: &World,
    vendors: impl Iterator<Item = (&'a Vendor, bool)>,
) -> Sample {
    let currency = world.currency_state();
    let standard: Standard = world.standard_state();
    let quorum = world.quorum_state();
    let supply = world.supply();
    let backing = world.backing();
    let claims = Tokens::new(supply).units(backing, Rounding::Down);
    let insurance = world.chain.tokens(&address::insurance(&world.currency));
    let mut sample = Sample {
        price: standard.price.get(),
        supply,
        backing: billionths(backing),
        claims: claims.expect("units").get(),
        in_kind: 0,
        truly_in_kind: 0,
        cash: insurance,
        capacity: 0,
        open: 0,
        shortage: 0,
        active: 0,
        called: 0,
        defaulted: 0,
        thinnest: f64::INFINITY,
    };
    for (vendor, gone) in vendors {
        let vault = world.vault_state(vendor);
        let balances = &vault.balances;
        let work = margin_work(
            &vault,
            &quorum,
            currency.params.attestation_ttl,
            world.chain.now(),
        );
        let units = |work: u128| {
            let units = work * u128::from(UNITS_PER_SCU) / u128::from(standard.work_per_scu.get());
            u64::try_from(units).expect("units")
        };
        let free = work.saturating_sub(balances.open_work.get().into());
        let held = balances.collateral.get() + balances.withdrawing.get();
        sample.capacity += units(work);
        let in_kind = units(free).min(balances.outstanding.get());
        sample.in_kind += in_kind;
        sample.truly_in_kind += if gone { 0 } else { in_kind };
        sample.cash += held;
        sample.open += balances.open.get();
        sample.shortage += vault.liquidation.shortage.get();
        if vault.status == VaultStatus::Defaulted as u8 {
            sample.defaulted += 1;
        } else if vault.margin_called_at.is_zero() {
            sample.active += 1;
        } else {
            sample.called += 1;
        }
        let owed = vault
            .owed()
            .expect("a sum")
            .value(standard.price, Rounding::Up);
        let owed = owed.expect("a value").get();
        if owed > 0 && vault.status != VaultStatus::Defaulted as u8 {
            sample.thinnest = sample.thinnest.min(held as f64 / owed as f64);
        }
    }
    sample
}
