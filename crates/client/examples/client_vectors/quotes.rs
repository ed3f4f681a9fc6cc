//! What quotes say of the worlds.

use crate::{
    random::Random,
    worlds::{NOW, World, world},
};
use anchor_lang::{Discriminator, Error};
use bytemuck::Pod;
use serde_json::{Value, json};
use specie::errors::SpecieError;
use specie_client::{
    quote::Snapshot,
    refusal::Refusal,
    state::{BreachTerms, Funds, IssueTerms},
    units::*,
    wire,
};

const WORLDS: u64 = 48;

/// An account's data as the chain has it.
fn account<T: Pod + Discriminator>(account: &T) -> String {
    let mut data = T::DISCRIMINATOR.to_vec();
    data.extend(bytemuck::bytes_of(account));
    data.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn worlds() -> Vec<Value> {
    let mut random = Random(42);
    (0..WORLDS)
        .map(|_| {
            let world = world(&mut random);
            json!({
                "now": NOW.to_string(),
                "currency": account(&world.currency),
                "standard": account(&world.standard),
                "book": account(&world.book),
                "supply": text(world.supply),
                "vault": account(&world.vault),
                "voucher": account(&world.voucher),
                "pool": account(&world.pool),
                "stake": account(&world.stake),
                "quotes": quotes(&world, &mut random),
            })
        })
        .collect()
}

/// One quote: its name, its arguments, and its answer.
fn entry(name: &str, arguments: Value, answer: Result<Value, Refusal>) -> Value {
    let answer = answer.unwrap_or_else(|refusal| json!({ "refused": refusal.name }));
    json!({ "quote": name, "arguments": arguments, "answer": answer })
}

fn quotes(world: &World, random: &mut Random) -> Vec<Value> {
    let mut quotes = issuing(world, random);
    quotes.extend(health(world));
    quotes.extend(redeeming(world, random));
    quotes.extend(withdrawing(world, random));
    quotes.extend(voucher(world, random));
    quotes.extend(staking(world, random));
    quotes.extend(price(world, random));
    quotes.extend(liquidating(world));
    quotes
}

fn snapshot(world: &World) -> Snapshot<'_> {
    Snapshot {
        currency: &world.currency,
        standard: &world.standard,
        book: &world.book,
        supply: world.supply,
        vault: &world.vault,
        now: NOW,
    }
}

fn text(amount: impl ToString) -> Value {
    Value::String(amount.to_string())
}

/// Amounts at the edge of what is allowed, beyond it, and between.
fn around(headroom: &Result<u64, Refusal>, random: &mut Random) -> Vec<u64> {
    let mut amounts = vec![0, 1, 1 + random.below(50_000_000), u64::MAX];
    if let Ok(most) = headroom {
        amounts.extend([*most, most.saturating_add(1), 1 + random.below(*most)]);
    }
    amounts
}

fn issuing(world: &World, random: &mut Random) -> Vec<Value> {
    let snapshot = snapshot(world);
    let (issue, purchase) = (snapshot.issue_headroom(), snapshot.purchase_headroom());
    let room = snapshot.issue_room();
    let mut quotes = vec![
        entry(
            "issue_room",
            json!({}),
            room.map(|units| json!({ "units": text(units) })),
        ),
        entry(
            "issue_headroom",
            json!({}),
            issue
                .clone()
                .map(|tokens| json!({ "tokens": text(tokens) })),
        ),
        entry(
            "purchase_headroom",
            json!({}),
            purchase
                .clone()
                .map(|tokens| json!({ "tokens": text(tokens) })),
        ),
    ];
    for tokens in around(&issue, random) {
        let answer = snapshot
            .issue(tokens)
            .map(|issue| json!({ "units": text(issue.units), "fee": text(issue.fee) }));
        quotes.push(entry("issue", json!({ "tokens": text(tokens) }), answer));
    }
    for tokens in around(&purchase, random) {
        let answer = snapshot.purchase(tokens).map(|sale| {
            json!({
                "units": text(sale.units.get()),
                "payment": text(sale.payment.get()),
                "fee": text(sale.fee.get()),
                "retained": text(sale.retained.get()),
                "payout": text(sale.payout.get()),
            })
        });
        quotes.push(entry("purchase", json!({ "tokens": text(tokens) }), answer));
    }
    quotes
}

fn health(world: &World) -> Vec<Value> {
    let answer = snapshot(world).health().map(|health| {
        json!({
            "capacity_work": text(health.capacity_work),
            "owed_work": text(health.owed_work),
            "owed_value": text(health.owed_value),
            "coverage_bps": health.coverage_bps().map(text),
            "may_issue": health.may_issue.err().map(|refusal| refusal.name),
        })
    });
    vec![entry("health", json!({}), answer)]
}

fn redeeming(world: &World, random: &mut Random) -> Vec<Value> {
    let most = world.vault.balances.outstanding.get();
    let amounts = [
        0,
        1,
        1 + random.below(20_000),
        most,
        most.saturating_add(1),
        1 + random.below(most | 1),
    ];
    let redeem = |tokens: u64, class: u64| {
        let answer = snapshot(world)
            .redeem(tokens, class as u8)
            .and_then(|claim| {
                Ok(json!({
                    "class": claim.class as u8,
                    "units": text(claim.units.get()),
                    "work": text(claim.work()?.get()),
                    "work_per_scu": text(claim.work_per_scu.get()),
                    "expires_at": text(claim.expires_at.get()),
                }))
            });
        entry(
            "redeem",
            json!({ "tokens": text(tokens), "class": class }),
            answer,
        )
    };
    amounts.map(|tokens| redeem(tokens, random.below(4))).into()
}

fn withdrawing(world: &World, random: &mut Random) -> Vec<Value> {
    let now = Timestamp::new(NOW);
    let held = world.vault.balances.collateral.get() + world.vault.balances.withdrawing.get();
    let mut quotes = Vec::new();
    for amount in [
        0,
        1,
        random.below(held + 1),
        random.below(held / 8 + 1),
        held,
        held + 1,
    ] {
        let mut vault = world.vault;
        // As the instruction does.
        let mut request = || -> Result<Value, Error> {
            let before = vault.balances.collateral;
            vault.promote_pending(now);
            vault.request_withdrawal(Quote::new(amount), &world.currency.params, now)?;
            if vault.balances.collateral < before {
                world.currency.require_not_paused(now)?;
                if vault.owed()?.is_zero() {
                    vault.require_may_withdraw()?;
                } else {
                    vault.require_may_issue(&terms(world))?;
                }
            }
            Ok(json!({ "available_at": text(vault.withdrawal_available_at.get()) }))
        };
        let answer = request().map_err(Refusal::from);
        quotes.push(entry(
            "request_withdrawal",
            json!({ "amount": text(amount) }),
            answer,
        ));
    }
    let mut vault = world.vault;
    vault.promote_pending(now);
    let answer = vault.withdraw(&terms(world));
    let answer = answer.map(|amount| json!({ "amount": text(amount.get()) }));
    quotes.push(entry("withdraw", json!({}), answer.map_err(Refusal::from)));
    quotes
}

fn terms(world: &World) -> IssueTerms<'_> {
    IssueTerms {
        currency: &world.currency,
        standard: &world.standard,
        now: Timestamp::new(NOW),
    }
}

fn voucher(world: &World, random: &mut Random) -> Vec<Value> {
    let now = Timestamp::new(NOW);
    let params = &world.currency.params;
    let voucher = &world.voucher;
    let close = || -> Result<Value, Error> {
        let mut closing = *voucher;
        closing.request_close(now)?;
        Ok(json!({ "settles_until": text(closing.settles_until(params)?.get()) }))
    };
    let reclaim = || -> Result<Value, Error> {
        voucher.require_reclaimable(params, now)?;
        let (units, mut vault, mut voucher) = (voucher.remaining()?, world.vault, *voucher);
        let (mut book, supply) = (world.book, Tokens::new(world.supply));
        let tokens = vault.take_back(&mut voucher, units, Units::ZERO, (&mut book, supply))?;
        Ok(json!({ "units": text(units.get()), "tokens": text(tokens.get()) }))
    };
    let mut quotes = vec![
        entry("close", json!({}), close().map_err(Refusal::from)),
        entry("reclaim", json!({}), reclaim().map_err(Refusal::from)),
    ];
    let units = voucher.units.get();
    for cumulative in [
        0,
        voucher.settled.get(),
        voucher.settled.get() + 1,
        1 + random.below(units),
        units,
        units + 1,
    ] {
        let mut settling = *voucher;
        let answer = settling.settle(Units::new(cumulative), params, now).map(|settlement| {
            json!({ "units": text(settlement.units.get()), "work": text(settlement.work.get()) })
        });
        quotes.push(entry(
            "settle",
            json!({ "cumulative": text(cumulative) }),
            answer.map_err(Refusal::from),
        ));
    }
    let remaining = voucher
        .remaining()
        .expect("the voucher's books add up")
        .get();
    for (units, cash_frozen, in_time) in [
        (remaining, false, true),
        (1 + random.below(remaining | 1), false, true),
        (remaining, true, true),
        (remaining, false, false),
    ] {
        let (mut vault, mut voucher) = (world.vault, *voucher);
        let terms = BreachTerms {
            params: &world.currency.params,
            standard: &world.standard,
            cash_frozen,
            in_time,
            now,
        };
        let (mut book, supply) = (world.book, Tokens::new(world.supply));
        let answer = vault
            .compensate(&mut voucher, Units::new(units), &terms, (&mut book, supply))
            .map(|paid| {
                json!({
                    "paid": text(paid.paid.get()),
                    "cash": text(paid.cash.get()),
                    "returned": text(paid.returned.get()),
                    "tokens": text(paid.tokens.get()),
                    "penalty": text(paid.penalty.get()),
                })
            });
        let arguments =
            json!({ "units": text(units), "cash_frozen": cash_frozen, "in_time": in_time });
        quotes.push(entry(
            "compensate",
            arguments,
            answer.map_err(Refusal::from),
        ));
    }
    quotes
}

fn staking(world: &World, random: &mut Random) -> Vec<Value> {
    let mut quotes = Vec::new();
    let staked = world.stake.staked.get();
    for seconds in [0, 1, 60_000, 700_000] {
        let at = NOW + seconds;
        let (mut stake, mut pool) = (world.stake, world.pool);
        let answer = stake.claim(&mut pool, Timestamp::new(at));
        let answer = answer.map(|rewards| json!({ "rewards": text(rewards.get()) }));
        quotes.push(entry(
            "claim",
            json!({ "now": text(at) }),
            answer.map_err(Refusal::from),
        ));
    }
    for tokens in [
        0,
        1 + random.below(1_000_000),
        u64::MAX,
        staked,
        staked.saturating_add(1),
    ] {
        let now = Timestamp::new(NOW);
        let (mut stake, mut pool) = (world.stake, world.pool);
        let answer = stake.stake(Tokens::new(tokens), &mut pool, now).map(|()| {
            json!({ "staked": text(stake.staked.get()), "rewards": text(stake.rewards.get()) })
        });
        quotes.push(entry(
            "stake",
            json!({ "tokens": text(tokens) }),
            answer.map_err(Refusal::from),
        ));
        let (mut stake, mut pool) = (world.stake, world.pool);
        let answer = stake.unstake(Tokens::new(tokens), &mut pool, now).map(|()| {
            json!({ "staked": text(stake.staked.get()), "rewards": text(stake.rewards.get()) })
        });
        quotes.push(entry(
            "unstake",
            json!({ "tokens": text(tokens) }),
            answer.map_err(Refusal::from),
        ));
    }
    for revenue in [0, 1, 1 + random.below(1_000_000_000), u64::MAX] {
        let mut pool = world.pool;
        // As the instruction does.
        let mut distribute = || -> Result<Value, Error> {
            if revenue == 0 {
                return Err(SpecieError::NothingToDistribute.into());
            }
            let split = world.currency.params.split_revenue(Quote::new(revenue))?;
            pool.stream(split.to_stakers, Timestamp::new(NOW))?;
            Ok(json!({
                "to_stakers": text(split.to_stakers.get()),
                "to_insurance": text(split.to_insurance.get()),
                "to_treasury": text(split.to_treasury.get()),
                "streaming": text(pool.streaming.get()),
                "streams_until": text(pool.streams_until.get()),
            }))
        };
        let answer = distribute().map_err(Refusal::from);
        quotes.push(entry(
            "distribute",
            json!({ "revenue": text(revenue) }),
            answer,
        ));
    }
    quotes
}

fn price(world: &World, random: &mut Random) -> Vec<Value> {
    let last = world.standard.price.get();
    let move_by = |random: &mut Random| last - last / 20 + random.below(last / 10 + 1);
    let cases = [
        (move_by(random), NOW),
        (move_by(random), NOW + 60),
        (move_by(random), NOW + 61),
        (last * 2, NOW),
        (0, NOW),
        (1 + last / 4, NOW - 5),
        (last, world.standard.published_at.get()),
    ];
    let post = |(price, published_at): (u64, i64)| {
        let mut standard = world.standard;
        let message = wire::Price {
            currency: standard.currency.to_bytes(),
            quorum_epoch: 1,
            sequence: standard.price_sequence.get() + 1,
            price,
            published_at,
        };
        let answer = standard.post_price(&message, &world.currency.params, Timestamp::new(NOW));
        let answer =
            answer.map(|()| json!({ "cautious_price": text(standard.cautious_price.get()) }));
        let arguments = json!({
            "price": text(price),
            "sequence": text(message.sequence),
            "published_at": text(published_at),
        });
        entry("post_price", arguments, answer.map_err(Refusal::from))
    };
    cases.map(post).into()
}

/// What a sale to the vault is paid.
fn liquidating(world: &World) -> Vec<Value> {
    let mut random = Random(world.standard.price.get());
    let shortage = world.vault.liquidation.shortage.get();
    let held = world.vault.balances.collateral.get();
    let cases = [
        (0, held, u64::MAX),
        (1 + random.below(shortage | 1), held, u64::MAX),
        (1 + random.below(shortage | 1), held / 3, 1_000_000),
        (1 + random.below(shortage | 1), 0, 0),
        (shortage, held, 5_000_000),
        (shortage.saturating_add(2), held, u64::MAX),
        (u64::MAX, held, u64::MAX),
    ];
    cases.map(|case| liquidation(world, case)).into()
}

fn liquidation(world: &World, (tokens, collateral, insurance): (u64, u64, u64)) -> Value {
    let (mut vault, mut currency) = (world.vault, world.currency);
    let funds = Funds {
        collateral: Quote::new(collateral),
        insurance: Quote::new(insurance),
        now: Timestamp::new(NOW),
    };
    let (mut book, supply) = (world.book, Tokens::new(world.supply));
    let holders = (&mut book, supply);
    let bought = vault.buy_back(Tokens::new(tokens), &mut currency, holders, &funds);
    let answer = bought.map(|bought| {
        json!({
            "units": text(bought.units.get()),
            "from_collateral": text(bought.from_collateral.get()),
            "from_insurance": text(bought.from_insurance.get()),
        })
    });
    let arguments = json!({
        "tokens": text(tokens),
        "collateral": text(collateral),
        "insurance": text(insurance),
    });
    entry("liquidate", arguments, answer.map_err(Refusal::from))
}
