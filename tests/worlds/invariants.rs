//! The promises of docs/design.md, section 5, on what the chain says: checked after every action.

use {
    specie_tests::model::{
        Economy, Purse, Status, Vault, Who,
        action::Action,
        arithmetic::{FULL, SCU, WHOLE, down, up},
    },
    std::collections::BTreeMap,
};

/// Adds what is broken to the findings, the invariants by their names.
pub(crate) fn check(
    before: &Economy,
    after: &Economy,
    model: &Economy,
    action: &Action,
    done: bool,
    findings: &mut Vec<String>,
) {
    outstanding_backs_the_supply(after, model.bank.burned_outside, findings);
    vouchers_sum_to_open(after, findings);
    records_are_covered_by_balances(after, findings);
    watermarks_of_vouchers(before, after, findings);
    numbers_that_never_fall(before, after, findings);
    rewards_are_there(after, findings);
    if done {
        whoever_issued_may_issue(before, after, action, findings);
        nobody_gains_what_nobody_loses(before, after, action, findings);
        nobody_pays_unasked(before, after, action, findings);
    }
}

/// I1.
fn outstanding_backs_the_supply(after: &Economy, burned_outside: u64, findings: &mut Vec<String>) {
    let outstanding: u128 = after
        .vaults
        .values()
        .map(|vault| u128::from(vault.outstanding))
        .sum();
    let supply = after.bank.supply;
    let backed = down(supply, after.currency.backing, FULL);
    if outstanding < backed {
        findings.push(format!(
            "I1: {outstanding} units are outstanding for tokens that stand for {backed}"
        ));
    }
    let claimed = u128::from(supply) + u128::from(burned_outside);
    if after.currency.is_whole() && outstanding != claimed {
        findings.push(format!(
            "I1: {outstanding} units are outstanding, and {claimed} tokens were never redeemed"
        ));
    }
}

/// I2.
fn vouchers_sum_to_open(after: &Economy, findings: &mut Vec<String>) {
    for (number, vault) in &after.vaults {
        let own = after
            .vouchers
            .range((*number, 0)..=(*number, u32::MAX))
            .map(|(_, voucher)| voucher);
        let (mut count, mut open, mut open_work) = (0, 0, 0);
        for voucher in own {
            let consumed = u128::from(voucher.settled) + u128::from(voucher.compensated);
            let remaining = u128::from(voucher.units).saturating_sub(consumed);
            count += 1;
            open += remaining;
            open_work += up(remaining, voucher.work_per_scu, SCU);
        }
        let booked = (
            vault.vouchers,
            u128::from(vault.open),
            u128::from(vault.open_work),
        );
        if booked != (count, open, open_work) {
            findings.push(format!(
                "I2: vault {number} books vouchers, open units and work of {booked:?}, its vouchers sum to {:?}",
                (count, open, open_work)
            ));
        }
    }
}

/// I3.
fn records_are_covered_by_balances(after: &Economy, findings: &mut Vec<String>) {
    let mut covered = |what: String, recorded: u128, purse: Purse| {
        let held = after.bank.held(purse);
        if recorded > u128::from(held) {
            findings.push(format!("I3: {what} records {recorded} where {held} lie"));
        }
    };
    let mut reserved = 0;
    for (number, vault) in &after.vaults {
        let recorded = u128::from(vault.collateral) + u128::from(vault.withdrawing);
        covered(
            format!("vault {number}"),
            recorded,
            Purse::Collateral(*number),
        );
        reserved += u128::from(vault.liquidation.insurance);
    }
    covered(
        "the insurance".into(),
        after.currency.insurance_reserved.into(),
        Purse::Insurance,
    );
    covered("liquidations".into(), reserved, Purse::Insurance);
    covered("the pool".into(), after.pool.staked.into(), Purse::Staked);
    let staked = after
        .stakes
        .values()
        .map(|stake| u128::from(stake.staked))
        .sum();
    covered("stakes".into(), staked, Purse::Staked);
    if reserved != u128::from(after.currency.insurance_reserved) {
        findings.push(format!(
            "I3: liquidations may take {reserved} of the insurance, which reserves another sum"
        ));
    }
    if staked != u128::from(after.pool.staked) {
        findings.push(format!(
            "I3: stakes sum to {staked}, the pool says {}",
            after.pool.staked
        ));
    }
}

/// I4, on the state after the instruction.
fn whoever_issued_may_issue(
    before: &Economy,
    after: &Economy,
    action: &Action,
    findings: &mut Vec<String>,
) {
    let (number, issued) = match action {
        Action::Issue { vault, .. } | Action::Purchase { vault, .. } => (vault, true),
        Action::RequestWithdrawal { vault, .. } => (vault, false),
        _ => return,
    };
    let Some(vault) = after.vaults.get(number) else {
        return;
    };
    let took = before
        .vaults
        .get(number)
        .is_some_and(|b| vault.collateral < b.collateral);
    if !issued && (!took || vault.owed() == 0) {
        return;
    }
    let (rules, standard, now) = (&after.currency.rules, &after.standard, after.now);
    let promised = standard.work_per_scu.max(standard.announced);
    let fresh = standard.price > 0 && now - standard.published_at <= rules.price_max_age as i64;
    let value = up(vault.owed(), standard.cautious_price, SCU);
    let (current, _) = vault.measured(now);
    let measured_of_late = now - current.attested_at <= rules.attestation_ttl as i64;
    let deliverable = u128::from(current.rate) * (current.ends_at - now).max(0) as u128;
    let facts = [
        ("paused", now < after.currency.paused_until),
        ("not active", vault.status != Status::Active),
        ("margin-called", vault.margin_called_at != 0),
        ("without a fresh price", !fresh),
        (
            "frozen",
            issued && after.bank.is_frozen(Purse::Collateral(*number)),
        ),
        ("beyond its limit", vault.owed() > u128::from(vault.limit)),
        (
            "not covered",
            vault.owed_work(promised) > deliverable || !measured_of_late,
        ),
        (
            "not collateralised",
            u128::from(vault.collateral) * WHOLE < value * u128::from(rules.collateral_ratio),
        ),
        (
            "beyond the window's cap",
            issued && after.currency.window_used > rules.issue_cap,
        ),
    ];
    for (fact, _) in facts.iter().filter(|(_, broken)| *broken) {
        findings.push(format!(
            "I4: vault {number} issued or asked for collateral while {fact}"
        ));
    }
}

/// I5.
fn watermarks_of_vouchers(before: &Economy, after: &Economy, findings: &mut Vec<String>) {
    for (place, voucher) in &after.vouchers {
        let gone = u128::from(voucher.settled) + u128::from(voucher.compensated);
        if gone > u128::from(voucher.units) {
            findings.push(format!(
                "I5: {gone} of {} units of voucher {place:?} are gone",
                voucher.units
            ));
        }
        let same = |other: &&specie_tests::model::Voucher| other.opened_at == voucher.opened_at;
        let Some(last) = before.vouchers.get(place).filter(same) else {
            continue;
        };
        if voucher.settled < last.settled || voucher.compensated < last.compensated {
            findings.push(format!("I5: what is settled of voucher {place:?} fell"));
        }
        let terms = |v: &specie_tests::model::Voucher| {
            (v.units, v.tokens, v.work_per_scu, v.owner, v.expires_at)
        };
        if terms(voucher) != terms(last) {
            findings.push(format!("I5: the terms of voucher {place:?} changed"));
        }
    }
}

/// I6.
fn numbers_that_never_fall(before: &Economy, after: &Economy, findings: &mut Vec<String>) {
    let marks = |e: &Economy| {
        [
            ("quorum epoch", u64::from(e.quorum.epoch)),
            ("quorum silence", e.quorum.silent),
            ("price sequence", e.standard.price_sequence),
            ("Standard sequence", e.standard.sequence),
            ("Standard", e.standard.work_per_scu),
            ("number of changes", e.currency.next_change),
        ]
    };
    for ((name, old), (_, new)) in marks(before).into_iter().zip(marks(after)) {
        if new < old {
            findings.push(format!("I6: {name} fell from {old} to {new}"));
        }
    }
    if after.currency.backing > before.currency.backing {
        findings.push("I6: the backing rose".into());
    }
    for (number, vault) in &after.vaults {
        let same = |other: &&Vault| other.opened_at == vault.opened_at;
        let Some(last) = before.vaults.get(number).filter(same) else {
            continue;
        };
        if vault.attestation_sequence < last.attestation_sequence
            || vault.delivered < last.delivered
        {
            findings.push(format!(
                "I6: attestation sequence or deliveries of vault {number} fell"
            ));
        }
    }
}

/// I7: what stakers may claim by now, and what is still to be spread.
fn rewards_are_there(after: &Economy, findings: &mut Vec<String>) {
    let claimable: u128 = after
        .stakes
        .values()
        .map(|stake| u128::from(stake.earned(&after.pool)))
        .sum();
    let (promised, held) = (
        claimable + u128::from(after.pool.streaming),
        after.bank.held(Purse::Rewards),
    );
    if promised > u128::from(held) {
        findings.push(format!(
            "I7: stakers are promised {promised} where {held} lie"
        ));
    }
}

/// Whose portfolio something belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Person(Who),
    Vault(u8),
    Currency,
}

/// Parts of a collateral base unit that portfolios are counted in: backing times units of an SCU.
const PARTS: i128 = FULL as i128 * SCU as i128;

/// What everybody has and owes at a price: money at face; tokens at their backing, vouchers and stakes for their holders;
/// the same units as debts of the vaults, less what was written off beyond the tokens that were out.
fn portfolios(economy: &Economy, price: u64) -> BTreeMap<Owner, i128> {
    let unit = i128::from(FULL) * i128::from(price);
    let token = i128::from(economy.currency.backing) * i128::from(price);
    let mut owners: BTreeMap<Owner, i128> = BTreeMap::new();
    let mut add = |owner, worth: i128| *owners.entry(owner).or_default() += worth;
    for (purse, amount) in &economy.bank.purses {
        let amount = i128::from(*amount);
        match purse {
            Purse::Stable(who) => add(Owner::Person(*who), amount * PARTS),
            Purse::Tokens(who) => add(Owner::Person(*who), amount * token),
            Purse::Payout(n) | Purse::Collateral(n) => add(Owner::Vault(*n), amount * PARTS),
            Purse::Treasury(_) | Purse::Revenue | Purse::Insurance | Purse::Rewards => {
                add(Owner::Currency, amount * PARTS);
            }
            // Stakers own what is staked; the pool, what was given to it.
            Purse::Staked => add(
                Owner::Currency,
                (amount - i128::from(economy.pool.staked)) * token,
            ),
        }
    }
    for (who, stake) in &economy.stakes {
        add(Owner::Person(*who), i128::from(stake.staked) * token);
    }
    for voucher in economy.vouchers.values() {
        add(
            Owner::Person(voucher.owner),
            i128::from(voucher.remaining()) * unit,
        );
    }
    for (number, vault) in &economy.vaults {
        let debt = vault.owed() as i128 - i128::from(vault.liquidation.unabsorbed);
        add(Owner::Vault(*number), -debt * unit);
    }
    owners
}

/// I8: at the price after the action, what portfolios gained and lost sums to nothing. Roundings lose at most the worth of
/// two units, and gain at most one, at a write-off; what the collateral token's issuer gave and what a holder burned past
/// the program is no trade.
fn nobody_gains_what_nobody_loses(
    before: &Economy,
    after: &Economy,
    action: &Action,
    findings: &mut Vec<String>,
) {
    let given = match action {
        Action::Donate {
            to: Purse::Staked, ..
        } => 0,
        Action::Donate { amount, .. } => i128::from(*amount) * PARTS,
        Action::Burn { .. } => return,
        // What was written off of others' tokens and no voucher set off is gained by nobody: other vaults owe it to nobody.
        Action::CloseVault { vault, .. } => {
            let unabsorbed = before
                .vaults
                .get(vault)
                .map_or(0, |of| of.liquidation.unabsorbed);
            -i128::from(unabsorbed) * i128::from(FULL) * i128::from(after.standard.price.max(1))
        }
        _ => 0,
    };
    let price = after.standard.price.max(1);
    let (old, new) = (portfolios(before, price), portfolios(after, price));
    let sum: i128 = new.values().sum::<i128>() - old.values().sum::<i128>() - given;
    let unit = i128::from(FULL) * i128::from(price);
    let most = if matches!(action, Action::DefaultVault { .. }) {
        unit
    } else {
        0
    };
    if sum > most || sum < -2 * unit {
        let changes: Vec<String> = new
            .iter()
            .map(|(owner, worth)| (owner, worth - old.get(owner).unwrap_or(&0)))
            .filter(|(_, change)| *change != 0)
            .map(|(owner, change)| format!("{owner:?} {:+}", change as f64 / PARTS as f64))
            .collect();
        findings.push(format!(
            "I8: portfolios changed by {} in all: {}",
            sum as f64 / PARTS as f64,
            changes.join(", ")
        ));
    }
}

/// I8, too: nobody's own money falls without their signature.
fn nobody_pays_unasked(
    before: &Economy,
    after: &Economy,
    action: &Action,
    findings: &mut Vec<String>,
) {
    for (purse, old) in &before.bank.purses {
        let (Purse::Stable(who) | Purse::Tokens(who)) = purse else {
            continue;
        };
        let given = matches!(
            action,
            Action::Donate {
                to: Purse::Staked,
                ..
            }
        ) && *who == Who::Holder(0);
        if after.bank.held(*purse) < *old && !given && !action.is_signed_by(*who) {
            findings.push(format!("I8: {who} paid without a signature"));
        }
    }
}
