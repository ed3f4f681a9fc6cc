//! Worlds to quote from: most of them healthy, some with one thing wrong.

use crate::random::Random;
use bytemuck::Zeroable;
use specie_client::{
    state::{
        Attestation, Backing, Book, Currency, Liquidation, Offer, Params, Pending, Pool, Stake,
        Standard, Vault, VaultStatus, Voucher,
    },
    units::*,
};

/// The chain's time in every world.
pub(crate) const NOW: i64 = 1_767_225_600;
const SCU: u64 = 1_000_000;

/// Everything that a quote may need.
pub(crate) struct World {
    pub(crate) currency: Currency,
    pub(crate) standard: Standard,
    pub(crate) book: Book,
    pub(crate) supply: u64,
    pub(crate) vault: Vault,
    pub(crate) voucher: Voucher,
    pub(crate) pool: Pool,
    pub(crate) stake: Stake,
}

fn address(random: &mut Random) -> [u8; 32] {
    let mut bytes = [0; 32];
    for chunk in bytes.as_chunks_mut::<8>().0 {
        *chunk = random.next().to_le_bytes();
    }
    bytes
}

/// A vault that owes up to 200 SCU, can deliver about as many, and is collateralised about as it must be.
pub(crate) fn world(random: &mut Random) -> World {
    let currency_address = address(random);
    let currency = Currency {
        version: 1,
        mint: address(random).into(),
        cluster: address(random),
        params: Params {
            fee: Bps::new(random.below(300) as u32),
            collateral_ratio: Bps::new(2_000 + random.below(3_000) as u32),
            issue_cap: Units::new((500 + random.below(3_000)) * SCU),
            issue_share: Bps::new(1_000 + random.below(3_000) as u32),
            min_voucher_units: Units::new(random.below(10_000)),
            ..Params::default()
        },
        ..Currency::zeroed()
    };
    let price = 1_500_000 + random.below(1_500_000);
    let work = 2_844_000 + random.below(1_000);
    let standard = Standard {
        version: 1,
        currency: currency_address.into(),
        sequence: Sequence::new(3),
        work_per_scu: WorkPerScu::new(work),
        announced: WorkPerScu::new(if random.once_in(4) {
            work + random.below(100_000)
        } else {
            0
        }),
        announced_until: Timestamp::new(NOW + 1_000 - random.below(1_500) as i64),
        price: Price::new(price),
        price_sequence: Sequence::new(random.below(1 << 40)),
        published_at: Timestamp::new(NOW - 1_000 - random.below(3_000) as i64),
        cautious_price: Price::new(price + random.below(price / 4)),
        ..Standard::zeroed()
    };
    let mut world = World {
        currency,
        standard,
        book: Book::zeroed(),
        supply: 0,
        vault: Vault::zeroed(),
        voucher: Voucher::zeroed(),
        pool: Pool::zeroed(),
        stake: Stake::zeroed(),
    };
    furnish(&mut world, currency_address, random);
    spoil(&mut world, random);
    if world.standard.price.get() % 4 == 1 {
        default(&mut world);
    }
    world
}

fn furnish(world: &mut World, currency: [u8; 32], random: &mut Random) {
    let work = world.standard.work_per_scu;
    let outstanding = random.below(100 * SCU);
    let units = 1 + random.below(100 * SCU);
    let settled = random.below(units);
    let compensated = random.below(units - settled + 1) / 2;
    let open = units - settled - compensated;
    let opened_under = WorkPerScu::new(work.get() - random.below(1_000));
    let vault_address = address(random);
    world.voucher = Voucher {
        version: 1,
        class: random.below(3) as u8,
        vault: vault_address.into(),
        session: address(random).into(),
        owner: address(random).into(),
        rent_payer: address(random).into(),
        units: Units::new(units),
        tokens: Tokens::new(units + random.below(1 + units / 3)),
        work_per_scu: opened_under,
        settled: Units::new(settled),
        compensated: Units::new(compensated),
        opened_at: Timestamp::new(NOW - 500_000),
        expires_at: Timestamp::new(NOW - 400_000 + random.below(800_000) as i64),
        closing_at: Timestamp::new(if random.once_in(2) {
            NOW - random.below(400_000) as i64
        } else {
            0
        }),
        challenged_until: Timestamp::new(if random.once_in(5) { NOW + 50 } else { 0 }),
        ..Voucher::zeroed()
    };
    let owed = outstanding + open;
    let rate = 790 * (1 + random.below(16));
    let seconds = (u128::from(owed + random.below(80 * SCU)) * u128::from(work.get())
        / u128::from(SCU)
        / u128::from(rate)) as i64;
    let attested = Attestation {
        rate: Rate::new(rate),
        ends_at: Timestamp::new(NOW + seconds),
        attested_at: Timestamp::new(NOW - random.below(500_000) as i64),
        inventory_hash: address(random),
    };
    world.vault = Vault {
        version: 1,
        issued: Units::new(random.below(300 * SCU)),
        issued_at: Timestamp::new(NOW - random.below(100_000) as i64),
        classes: 1 + random.below(7) as u8,
        currency: currency.into(),
        limit: Units::new(owed + random.below(100 * SCU)),
        offer: Offer {
            price: Price::new(world.standard.price.get() + random.below(500_000)),
            units: Units::new(random.below(120 * SCU)),
            retained: Bps::new(random.below(9_700) as u32),
        },
        attested,
        pending: Pending {
            attestation: Attestation {
                rate: Rate::new(rate + random.below(790)),
                ..attested
            },
            effective_at: Timestamp::new(if random.once_in(3) {
                NOW + random.below(3) as i64 - 1
            } else {
                0
            }),
        },
        vouchers: Count::new(1),
        ..Vault::zeroed()
    };
    let balances = &mut world.vault.balances;
    balances.outstanding = Units::new(outstanding);
    balances.open = Units::new(open);
    balances.open_work = world.voucher.remaining_work().expect("amounts are small");
    balances.collateral = Quote::new(owed * 3 / 5 + random.below(1 + owed));
    if random.once_in(3) {
        balances.withdrawing = Quote::new(1 + random.below(10 * SCU));
        world.vault.withdrawal_available_at = Timestamp::new(NOW + 5 - random.below(20) as i64);
    }
    // A third of the worlds has taken a loss, and some owe more than there are tokens.
    let owed = outstanding + random.below(100 * SCU);
    world.supply = match random.below(4) {
        0 => owed + random.below(1 + owed),
        1 => owed - random.below(1 + owed),
        _ => owed,
    };
    world.book = Book {
        version: 1,
        currency: currency.into(),
        owed: Units::new(owed),
        ..Book::zeroed()
    };
    stake(world, currency, random);
}

fn stake(world: &mut World, currency: [u8; 32], random: &mut Random) {
    let staked = 1 + random.below(1_000 * SCU);
    let pool_address = address(random);
    let reward_per_token = u128::from(random.next()) << 40;
    world.pool = Pool {
        version: 1,
        currency: currency.into(),
        staked: Tokens::new(if random.once_in(6) {
            0
        } else {
            staked + random.below(1_000 * SCU)
        }),
        streaming: Quote::new(random.below(500 * SCU)),
        streams_until: Timestamp::new(NOW + random.below(604_800) as i64 - 60_000),
        accrued_at: Timestamp::new(NOW - 70_000 - random.below(100_000) as i64),
        reward_per_token: if random.once_in(4) {
            u128::MAX - reward_per_token
        } else {
            reward_per_token
        }
        .into(),
        ..Pool::zeroed()
    };
    world.stake = Stake {
        version: 1,
        pool: pool_address.into(),
        owner: address(random).into(),
        staked: Tokens::new(if world.pool.staked.is_zero() {
            0
        } else {
            staked
        }),
        rewards: Quote::new(random.below(2) * random.below(SCU)),
        reward_per_token: world
            .pool
            .reward_per_token
            .get()
            .wrapping_sub(u128::from(random.next()) << 8)
            .into(),
        ..Stake::zeroed()
    };
}

/// Breaks one thing in some worlds.
fn spoil(world: &mut World, random: &mut Random) {
    match random.below(24) {
        0 => world.currency.paused_until = Timestamp::new(NOW + 1),
        1 => world.currency.paused_until = Timestamp::new(NOW),
        2 => world.vault.status = VaultStatus::Suspended as u8,
        3 => world.vault.margin_called_at = Timestamp::new(NOW - 1),
        4 => world.standard.price = Price::ZERO,
        5 => world.standard.published_at = Timestamp::new(NOW - 100_000),
        6 => world.vault.offer.price = Price::ZERO,
        7 => world.book.owed = Units::ZERO,
        8 => world.vault.penalize(Quote::new(7), Timestamp::new(NOW - 1)),
        9 => world.vault.balances.outstanding = Units::new(u64::MAX),
        10 => world.vault.balances.outstanding = Units::new(1 << 62),
        11 => {
            world.vault.offer.price = Price::new(u64::MAX);
            world.vault.offer.units = Units::new(u64::MAX);
        }
        12 => {
            world.vault.offer.units = Units::new(u64::MAX);
            world.vault.limit = Units::new(u64::MAX);
            world.currency.params.issue_cap = Units::new(u64::MAX);
        }
        _ => {}
    }
}

/// Puts the vault in default: part of what it owes is to be bought back, and its voucher was open at the first assessment,
/// opened after it and open at the second, or opened after the last.
fn default(world: &mut World) {
    let mut random = Random(world.standard.price.get());
    let outstanding = world.vault.balances.outstanding.get();
    let insurance = Quote::new(random.below(20_000_000));
    world.vault.status = VaultStatus::Defaulted as u8;
    world.vault.liquidation = Liquidation {
        started_at: Timestamp::new(NOW - random.below(20_000) as i64),
        price: world.standard.price,
        shortage: Units::new(1 + random.below(outstanding.min(100 * SCU) | 1)),
        insurance,
        backing: Backing {
            owed: Units::new(1 + random.below(100 * SCU)),
            tokens: Tokens::new(1 + random.below(200 * SCU)),
        },
        ..Liquidation::zeroed()
    };
    world.currency.insurance_reserved = Quote::new(insurance.get() + random.below(SCU));
    let (opened, assessed) = [(0, 1), (1, 2), (2, 2)][random.below(3) as usize];
    world.voucher.assessments = opened.into();
    world.vault.assessments = assessed.into();
    let remaining = world.voucher.remaining().expect("its books add up");
    let tokens = match opened {
        0 => Ok(world.vault.liquidation.backing.most_tokens(remaining)),
        _ => world.voucher.tokens_of(remaining),
    };
    let tokens = tokens.expect("amounts are small");
    if opened < assessed {
        // What is owed for it is outstanding.
        world.vault.balances.open = Units::ZERO;
        world.vault.balances.open_work = Work::ZERO;
        world.vault.balances.defaulted = tokens;
        world.book.defaulted = Tokens::new(tokens.get() + random.below(SCU));
    } else {
        world.vault.open_tokens = Tokens::new(tokens.get() + random.below(SCU));
    }
}
