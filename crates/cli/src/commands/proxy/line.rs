//! What is being consumed, in one line of a terminal.

use crate::core::{amount, output::Output};
use specie_claims::units::Units;
use specie_client::constants::TOKEN_DECIMALS;
use specie_proxy::Purse;
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// Keeps the line up to date, and says once what went wrong with a voucher.
pub(super) async fn show(purse: Arc<Purse>, output: Output) {
    let mut told = vec![false; purse.channels().len()];
    let mut doubts = BTreeSet::new();
    loop {
        for (channel, told) in purse.channels().iter().zip(&mut told) {
            let standing = channel.standing();
            if let (Some(reason), false) = (&standing.over, *told) {
                *told = true;
                let voucher = channel.holder().address();
                let evidence = standing.evidence.map_or_else(String::new, |path| {
                    format!(". {} says what to do", path.display())
                });
                output.notice(&format!("voucher {voucher}: {reason}{evidence}"));
            }
        }
        for channel in purse.channels() {
            for doubt in channel.standing().doubts {
                if doubts.insert(doubt.file.clone()) {
                    let (model, what, file) = (doubt.model, doubt.what, doubt.file.display());
                    output.notice(&format!(
                        "{model} is in doubt and is not used any more: {what}. {file} says what to do"
                    ));
                }
            }
        }
        output.status_line(&line(&purse));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn line(purse: &Purse) -> String {
    let scu = |units: Units| amount::format(units.get(), TOKEN_DECIMALS);
    let (mut consumed, mut charges, mut outstanding) = (Units::ZERO, 0, 0);
    for channel in purse.channels() {
        let standing = channel.standing();
        consumed = consumed.saturating_add(standing.consumed);
        charges += standing.charges;
        outstanding += standing.outstanding;
    }
    let budget = &purse.common.budget;
    format!(
        "{} SCU consumed in {charges} requests, {} of {} signed, {outstanding} being served",
        scu(consumed),
        scu(budget.signed()),
        scu(budget.most()),
    )
}
