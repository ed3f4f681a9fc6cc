//! What is being consumed, in one line of a terminal.

use crate::{amount, output::Output};
use specie_claims::units::Units;
use specie_client::constants::TOKEN_DECIMALS;
use specie_proxy::Purse;
use std::{sync::Arc, time::Duration};

/// Keeps the line up to date, and says once what went wrong with a voucher.
pub(super) async fn show(purse: Arc<Purse>, output: Output) {
    let mut told = vec![false; purse.channels().len()];
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
