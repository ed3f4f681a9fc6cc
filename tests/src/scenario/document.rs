//! docs/scenario.md: what the year showed, and its table.

use super::{
    Stage,
    chronicle::{Failure, Kind},
    measure::Sample,
    plan::{CRASHES, DAY, SILENCE, STEPS, VENDORS},
};
use specie::constants::UNITS_PER_SCU;
use std::fmt::Write;

/// Writes the whole document.
pub(super) fn write(stage: &Stage) -> String {
    let mut page = String::new();
    let counts = &stage.chronicle.counts;
    let first = VENDORS.iter().filter(|vendor| vendor.joins == 0).count();
    let defaults = stage.defaults().len();
    page += &format!(
        "# A year with five crashes and failing vendors

Written by `cargo xtask scenario`: the built program plays a year in steps of six hours, with {first} vendors at its beginning and
{last} at its end. It took {sent} transactions: {purchases} purchases, {redemptions} redemptions, {receipts} settled receipts,
{attestations} attestations, {defaults} defaults. Chance is seeded, so the year repeats itself to the byte. All numbers are read
from the chain's accounts, except where it says otherwise.

",
        last = VENDORS.len(),
        sent = grouped(counts.sent),
        purchases = grouped(counts.purchases),
        redemptions = grouped(counts.redemptions),
        receipts = grouped(counts.receipts),
        attestations = grouped(counts.attestations),
    );
    page += "## What it showed\n\n";
    for finding in findings(stage) {
        page += &format!("- {finding}\n");
    }
    page += "\n![Price, what holders could redeem, and amounts over the year](scenario.svg)\n\n";
    page += "## Vendors that fell short\n\n";
    page += &failures(stage);
    page += "\n## The year\n\n";
    page += COLUMNS;
    page += &table(stage);
    page += "\n";
    page += ASSUMPTIONS;
    page
}

const COLUMNS: &str = "\
- **day**: days since the beginning; **price**: the reference price of one SCU (an hour of a mainstream accelerator) in dollars.
- **tokens**: how many exist, in thousands; **claims**: the thousand SCU that they stand for, which is tokens times backing.
- **in kind**: the part of all claims that vaults owe and their attested capacity still delivers, after the vouchers that are open.
- **in cash**: what all collateral and insurance would pay of all claims at the price. Nobody is promised 100 % of this one.
- **haircut**: what a token has lost of its face, for good: 100 % less backing.
- **vaults**: active / margin-called / defaulted; **capacity**: thousand SCU that attested hardware delivers before its pledge ends.
- **open**: thousand SCU of vouchers that vendors have not served yet.

";

const ASSUMPTIONS: &str = "\
## What was assumed

- Vendors pledge 60 days ahead and are attested every four days; an accelerator fails with 14 % a year and is replaced monthly. They
  sell up to 85 % of their capacity and hold collateral of 36 to 70 % of what they owe, where the rules ask for 30 %.
- The crashes stand in their order, with their depth and length, on a walk of their own; each recovers partly. Demand dries up and
  redemptions multiply while they last. Nobody else's behaviour changes: vendors reprice, top up and withdraw as they may.
- Rules are the program's defaults, except that prices may be six hours old, since that is how often they are posted here.
- Signatures of attestors and sessions are real and verified; those of the transactions themselves are not checked.
";

/// What held and what did not, with its numbers.
fn findings(stage: &Stage) -> Vec<String> {
    let counts = &stage.chronicle.counts;
    let shortfalls = stage.shortfalls();
    let (haircuts, without_default) = stage.haircuts();
    let mut found = Vec::new();

    found.push(format!(
        "**A token's claim is cut only by a recorded default: {}.** Times that backing fell: {haircuts}; of them without a default \
         in the same step: {without_default}. It ends the year at {} of a token's face.",
        verdict(without_default == 0),
        percent(last(stage).backing_share(), 4),
    ));
    found.push(format!(
        "**A claim on compute never falls below 100 % without a recorded default: {}.** From the moment a vendor's capacity falls \
         short until it cures or defaults, its claims can only be redeemed at the others. In {} of {STEPS} steps, while a vault was \
         margin-called, compute covered less than all claims, down to {}. A called vault sells nothing: of {} purchases tried, {} \
         succeeded. In {} more steps less was covered while a default's shortage was bought back for cash, down to {}.",
        verdict(shortfalls.called.0 + shortfalls.unseen.0 == 0),
        shortfalls.called.0,
        percent_at_least(shortfalls.called.1),
        counts.probes,
        counts.probes_sold,
        shortfalls.defaulted.0,
        percent_at_least(shortfalls.defaulted.1),
    ));
    found.push(format!(
        "**By the chain's own count it never does so without a margin call or a default on record: {}.** Steps with neither in which \
         it did: {}. But the chain counts a vendor that vanished until what it pledged has perished below what it owes, or its last \
         attestation has run out after seven days: in {} steps it said more than was there, and the vendors that were left would \
         have served {} of all claims at the least.",
        verdict(shortfalls.unannounced.0 == 0),
        shortfalls.unannounced.0,
        shortfalls.unseen.0,
        percent_at_least(shortfalls.unseen.1),
    ));
    found.push(witnesses(stage));
    found.push(crashes(stage));
    found.push(collateral(stage));
    found.push(silence(stage));
    found.push(disputes(stage));
    found.push(revenue(stage));
    found
}

/// Who did what about the same default, and what they kept.
fn witnesses(stage: &Stage) -> String {
    let Some(vendor) = stage.witnesses.vendor else {
        return "**At a default nobody gains by running: not shown.** The default that was to be witnessed did not come.".into();
    };
    let kept = stage.witnesses.kept();
    // Who stays may gain: vouchers from before the default return as tokens, and their units are owed again in full.
    let nobody_gains = kept[2] >= kept[0] - 3e-9 && kept[2] >= kept[1] - 3e-9;
    let [redeemed, liquidated, held] = kept.map(|kept| percent(kept, 6));
    format!(
        "**At a default nobody gains by running: {}.** Of three holders of 1,000 tokens at {}'s default, the one who redeemed at once \
         kept {redeemed} of their face, the one who sold to the liquidation at once {liquidated}, the one who held to the end of the \
         year {held}; they differ by {} of 1,000,000,000 units. Who stays gains by vouchers from before the default that return: \
         their units are owed again in full. Who sells later is paid up to 10 % more for the waiting, from the failed \
         vendor's collateral.",
        verdict(nobody_gains && stage.witnesses.difference() <= 10_000_000),
        VENDORS[vendor].name,
        stage.witnesses.difference(),
    )
}

/// What the crashes did to claims.
fn crashes(stage: &Stage) -> String {
    let taken = CRASHES.iter().filter(|crash| {
        let sample = &stage.samples[crash.bottom_at()];
        sample.in_kind < sample.claims && sample.called == 0
    });
    let taken = taken.count();
    let at_bottoms = CRASHES.map(|crash| {
        let sample = &stage.samples[crash.bottom_at()];
        let (kind, cash) = (sample.kind_share(), sample.cash_share());
        format!(
            "{} ({}, {})",
            crash.label,
            percent(kind, 1),
            percent(cash, 0)
        )
    });
    format!(
        "**A fall of the price takes nothing in kind: {}.** At the bottoms of the five crashes, in kind and in cash: {}. Claims are on \
         compute, and collateral is in dollars: when compute gets cheap, the same collateral pays for more of it. The quorum could not \
         follow the market at once in {} steps: a price moves by at most 180 % in six hours.",
        verdict(taken == 0),
        at_bottoms.join(", "),
        stage.chronicle.counts.price_lagged,
    )
}

/// What collateral is there for, and when it is thin.
fn collateral(stage: &Stage) -> String {
    let (poor_at, poorest) = stage.least(Sample::cash_share);
    let (thin_at, thinnest) = stage.least(|sample| sample.thinnest);
    let losses: Vec<String> = stage
        .defaults()
        .iter()
        .map(|(failure, default)| {
            format!(
                "{} of what {} owed",
                percent(default.loss as f64 / default.owed as f64, 1),
                VENDORS[failure.vendor].name
            )
        })
        .collect();
    format!(
        "**A rising price is what makes collateral thin, and thin collateral is what a default costs.** In cash was least on day {}, \
         {}; the thinnest vault held {} of what it owed on day {}. Collateral is asked for when a vault issues or withdraws, not when \
         the price rises: most vendors here top it up in order to go on selling, and one does not. Written off: {}.",
        poor_at / DAY,
        percent(poorest, 1),
        percent(thinnest, 1),
        thin_at / DAY,
        losses.join(", "),
    )
}

/// What silent attestors did.
fn silence(stage: &Stage) -> String {
    let calls = stage.calls_in_silence();
    let mut text = format!(
        "**Silent attestors bring nobody down: {}.** In their two days of silence {calls} vaults were margin-called.",
        verdict(calls == 0)
    );
    let waiting = stage.chronicle.failures.iter().find(|failure| {
        let open = failure.called.is_some_and(|called| called < SILENCE.start);
        open && failure.cured.is_some_and(|cured| cured >= SILENCE.end)
    });
    if let Some(failure) = waiting {
        let called = failure.called.unwrap_or_default();
        let _ = write!(
            text,
            " {} was called before them, on day {}, and cured on day {}: the silence did not count against its three days.",
            VENDORS[failure.vendor].name,
            days(called),
            days(failure.cured.unwrap_or_default()),
        );
    }
    text
}

/// What came of vouchers that nobody signed.
fn disputes(stage: &Stage) -> String {
    let counts = &stage.chronicle.counts;
    format!(
        "**Served, or paid.** {} vouchers that vendors did not serve were challenged and settled: {} SCU in cash at 110 % of the price, \
         {} SCU as tokens, to be redeemed elsewhere. Owners of others closed them and got their tokens back after the dispute window.",
        counts.compensations,
        scu(counts.compensated),
        scu(counts.returned),
    )
}

/// What fees came to.
fn revenue(stage: &Stage) -> String {
    let counts = &stage.chronicle.counts;
    let insurance = stage
        .world
        .chain
        .tokens(&specie_client::address::insurance(&stage.world.currency));
    format!(
        "**Insurance out of fees is small.** Buyers paid for {} SCU; of it {} were distributed as revenue and {} claimed by stakers, and \
         the insurance account ends at {}. Liquidations bought {} SCU back for {}.",
        scu(counts.bought),
        dollars(counts.distributed),
        dollars(counts.claimed),
        dollars(insurance),
        scu(counts.liquidated),
        dollars(counts.paid_to_liquidators),
    )
}

/// A row for each vendor that was called, from its failure to its end.
fn failures(stage: &Stage) -> String {
    let mut rows = String::from(
        "| vendor | what | failed, day | called after, h | cured after, h | default after, h | owed then, SCU | bought back | written off | backing after |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for failure in &stage.chronicle.failures {
        rows += &failure_row(failure);
    }
    rows
}

fn failure_row(failure: &Failure) -> String {
    let since = |step: Option<usize>, start: Option<usize>| match (step, start) {
        (Some(step), Some(start)) => format!("{}", (step - start) * 24 / DAY),
        _ => String::new(),
    };
    let what = if failure.vanished {
        "vanished"
    } else {
        "capacity short"
    };
    let (default, called) = (failure.default, failure.called);
    let of = |value: fn(&super::chronicle::Default) -> String| {
        default.as_ref().map(value).unwrap_or_default()
    };
    format!(
        "| {} | {what} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        VENDORS[failure.vendor].name,
        days(failure.failed),
        since(called, Some(failure.failed)),
        since(failure.cured, called),
        since(default.map(|d| d.step), called),
        of(|d| scu(d.owed)),
        of(|d| scu(d.shortage)),
        of(|d| scu(d.loss)),
        of(|d| percent(d.backing[1] as f64 / 1e9, 2)),
    )
}

/// A row for each month and for each thing that happened.
fn table(stage: &Stage) -> String {
    let mut rows = String::from(
        "| day | what happened | price | tokens | claims | in kind | in cash | haircut | vaults | capacity | open |\n\
         |---:|---|---:|---:|---:|---:|---:|---:|---|---:|---:|\n",
    );
    let months = (1..=12).map(|month| (month * STEPS / 12 - 1, format!("*end of month {month}*")));
    let entries = stage.chronicle.entries.iter().map(|entry| {
        let text = match entry.kind {
            Kind::Note => entry.text.clone(),
            _ => format!("**{}**", entry.text),
        };
        (entry.step, text)
    });
    let mut all: Vec<(usize, String)> = entries.chain(months).collect();
    all.sort_by_key(|(step, _)| *step);
    for (step, text) in all {
        rows += &row(step, &text, &stage.samples[step]);
    }
    rows
}

fn row(step: usize, text: &str, sample: &Sample) -> String {
    let thousands = |units: u64| format!("{:.1}", units as f64 / (1_000 * UNITS_PER_SCU) as f64);
    format!(
        "| {} | {text} | {:.3} | {} | {} | {} | {} | {} | {} / {} / {} | {} | {} |\n",
        days(step),
        sample.price as f64 / 1e6,
        thousands(sample.supply),
        thousands(sample.claims),
        percent_at_least(sample.kind_share()),
        percent(sample.cash_share(), 0),
        percent(1.0 - sample.backing_share(), 2),
        sample.active,
        sample.called,
        sample.defaulted,
        thousands(sample.capacity),
        thousands(sample.open),
    )
}

fn last(stage: &Stage) -> &Sample {
    stage.samples.last().expect("a year")
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "refuted" }
}

/// A share in per cent.
fn percent(share: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", share * 100.0);
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    match whole.parse() {
        Ok(number) => format!("{}{rest} %", grouped(number)),
        Err(_) => format!("{text} %"),
    }
}

/// A share in per cent with two digits, rounded down: 100 % is never said of less.
fn percent_at_least(share: f64) -> String {
    percent((share * 1e4 + 1e-6).floor() / 1e4, 2)
}

fn days(step: usize) -> String {
    format!("{:.2}", step as f64 / DAY as f64)
}

fn scu(units: u64) -> String {
    grouped(units / UNITS_PER_SCU)
}

fn dollars(quote: u64) -> String {
    format!("${}", grouped(quote / 1_000_000))
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_all_is_never_called_all() {
        assert_eq!(percent_at_least(1.0), "100.00 %");
        assert_eq!(percent_at_least(0.999_99), "99.99 %");
        assert_eq!(percent_at_least(0.999_999_99), "99.99 %");
        assert_eq!(percent(12.345, 1), "1,234.5 %");
    }

    #[test]
    fn thousands_stand_apart() {
        let numbers = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567"]);
    }
}
