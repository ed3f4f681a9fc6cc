//! The promises of docs/design.md, section 5, on what the chain says: checked after every action.

use {
    specie_tests::model::{
        Backing, Economy, Purse, Status, Vault, Who,
        action::Action,
        arithmetic::{SCU, WHOLE, up},
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
    a_token_keeps_its_worth(before, after, model, action, findings);
    the_book_is_the_sum_of_all_vaults(after, findings);
    vouchers_sum_to_open(after, findings);
    records_are_covered_by_balances(after, findings);
    watermarks_of_vouchers(before, after, findings);
    numbers_that_never_fall(before, after, findings);
    rewards_are_there(after, findings);
    if done {
        whoever_issued_may_issue(before, after, action, findings);
        nobody_loses_by_what_others_do(before, after, action, findings);
        nobody_pays_unasked(before, after, action, findings);
    }
}

/// I1: at par, every token that was never redeemed is owed a unit; and only a default makes a token worth less.
fn a_token_keeps_its_worth(
    before: &Economy,
    after: &Economy,
    model: &Economy,
    action: &Action,
    findings: &mut Vec<String>,
) {
    let (owed, old) = (after.backing(), before.backing());
    let claimed = u128::from(owed.tokens) + u128::from(model.bank.burned_outside);
    if !model.bank.assessed && u128::from(owed.owed) != claimed {
        findings.push(format!(
            "I1: {} units are outstanding, and {claimed} tokens were never redeemed",
            owed.owed
        ));
    }
    let fell = u128::from(owed.owed) * u128::from(old.tokens)
        < u128::from(old.owed) * u128::from(owed.tokens);
    if fell && !owed.is_whole() && !matches!(action, Action::DefaultVault { .. }) {
        findings.push(format!("I1: backing fell from {old:?} to {owed:?}"));
    }
}

/// I10.
fn the_book_is_the_sum_of_all_vaults(after: &Economy, findings: &mut Vec<String>) {
    if after.book != after.sums() {
        findings.push(format!(
            "I10: the book says {:?}, the vaults sum to {:?}",
            after.book,
            after.sums()
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
        let (mut open_tokens, mut standing) = (0, 0);
        for voucher in own {
            let consumed = u128::from(voucher.settled) + u128::from(voucher.compensated);
            let remaining = u128::from(voucher.units).saturating_sub(consumed);
            count += 1;
            if vault.was_assessed_with(voucher) {
                standing += u128::from(vault.standing(voucher, voucher.remaining()));
                continue;
            }
            open += remaining;
            open_work += up(remaining, voucher.work_per_scu, SCU);
            if vault.assessments > 0 {
                open_tokens += voucher.tokens_for(voucher.remaining());
            }
        }
        // Rounded over all of them together, less each by itself.
        let defaulted = u128::from(vault.defaulted);
        if standing > defaulted || open_tokens != vault.open_tokens {
            findings.push(format!(
                "I2: vault {number} books tokens of {:?}, its vouchers stand for {:?}",
                (vault.open_tokens, defaulted),
                (open_tokens, standing)
            ));
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
    let promised = standard.for_issuing(after.now);
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
            "beyond its share of the cap",
            issued && vault.issued > rules.issue_burst(),
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

/// Parts of a collateral base unit that portfolios are counted in: thousandths of a unit's worth.
const PARTS: i128 = SCU as i128 * 1_000;

/// What tokens are worth at a price, in parts.
fn worth(backing: Backing, tokens: u64, price: u64) -> i128 {
    let unit = u128::from(price) * 1_000;
    if backing.is_whole() {
        return (u128::from(tokens) * unit) as i128;
    }
    let (product, all) = (
        u128::from(tokens) * u128::from(backing.owed),
        u128::from(backing.tokens),
    );
    (product / all * unit + product % all * unit / all) as i128
}

/// What everybody has and owes at a price: money at face; tokens, stakes and vouchers of failed vaults at what they are
/// backed by, other vouchers at their units; and the debts of the vaults.
fn portfolios(economy: &Economy, price: u64) -> BTreeMap<Owner, i128> {
    let unit = i128::from(price) * 1_000;
    let backing = economy.backing();
    let token = |amount| worth(backing, amount, price);
    let mut owners: BTreeMap<Owner, i128> = BTreeMap::new();
    let mut add = |owner, worth: i128| *owners.entry(owner).or_default() += worth;
    for (purse, amount) in &economy.bank.purses {
        let money = i128::from(*amount) * PARTS;
        match purse {
            Purse::Stable(who) => add(Owner::Person(*who), money),
            Purse::Tokens(who) => add(Owner::Person(*who), token(*amount)),
            Purse::Payout(n) | Purse::Collateral(n) => add(Owner::Vault(*n), money),
            Purse::Treasury(_) | Purse::Revenue | Purse::Insurance | Purse::Rewards => {
                add(Owner::Currency, money);
            }
            // Stakers own what is staked.
            Purse::Staked => {}
        }
    }
    for (who, stake) in &economy.stakes {
        add(Owner::Person(*who), token(stake.staked));
    }
    for ((vault, _), voucher) in &economy.vouchers {
        let of = &economy.vaults[vault];
        let claim = if of.was_assessed_with(voucher) {
            token(of.standing(voucher, voucher.remaining()))
        } else {
            i128::from(voucher.remaining()) * unit
        };
        add(Owner::Person(voucher.owner), claim);
    }
    for (number, vault) in &economy.vaults {
        add(Owner::Vault(*number), -(vault.owed() as i128) * unit);
    }
    owners
}

/// I8: at the price after the action, nobody is poorer who neither signed it nor owns a voucher that it is about, but for
/// the roundings of two units. A default takes from all; and who burns tokens past the program takes from nobody.
fn nobody_loses_by_what_others_do(
    before: &Economy,
    after: &Economy,
    action: &Action,
    findings: &mut Vec<String>,
) {
    if matches!(action, Action::DefaultVault { .. } | Action::Donate { .. }) {
        return;
    }
    let price = after.standard.price.max(1);
    let (old, new) = (portfolios(before, price), portfolios(after, price));
    for (owner, had) in &old {
        let bystander = match owner {
            Owner::Person(who) => !action.is_signed_by(*who) && !is_about(action, before, *who),
            Owner::Vault(number) => !action.is_at(*number),
            Owner::Currency => false,
        };
        let lost = had - new.get(owner).unwrap_or(&0);
        if bystander && lost > 2 * i128::from(price) * 1_000 {
            findings.push(format!(
                "I8: {owner:?} lost {} by what others did",
                lost as f64 / PARTS as f64
            ));
        }
    }
}

/// Whether an action is about a voucher of somebody's.
fn is_about(action: &Action, before: &Economy, who: Who) -> bool {
    let of = |vault: u8, session: u32| {
        let voucher = before.vouchers.get(&(vault, session));
        voucher.is_some_and(|voucher| voucher.owner == who)
    };
    match action {
        Action::Settle { vault, receipts } => receipts.iter().any(|r| of(*vault, r.session)),
        Action::Reclaim { vault, session, .. }
        | Action::ReleaseVoucher { vault, session, .. }
        | Action::Compensate { vault, session }
        | Action::RuleBreach { vault, session, .. } => of(*vault, *session),
        _ => false,
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
