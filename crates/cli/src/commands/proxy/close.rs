use super::vouchers::Vouchers;
use crate::core::runtime::block_on;
use crate::core::{
    context::Context,
    error::CliError,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_claims::units::Units;
use specie_proxy::{Closed, Purse};

/// Posts the receipt for exactly what was consumed, so that settling takes no unit more. The voucher is closed on chain
/// by `specie wallet close`.
#[derive(Debug, Args)]
pub(super) struct Close {
    #[command(flatten)]
    vouchers: Vouchers,
}

impl Close {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        // Nothing higher is signed, whatever the gateway says.
        let purse = self
            .vouchers
            .open(context, Some(Units::ZERO), Units::ZERO)?;
        block_on(close(&purse))
    }
}

/// Signs for exactly what was consumed of every voucher that was used. Where one gateway does not answer, the vouchers of the
/// others are closed all the same.
pub(super) async fn close(purse: &Purse) -> Result<Outcome, CliError> {
    let (mut closed, mut failed) = (Vec::new(), None);
    let outcomes = purse.close().await;
    let all = outcomes.len();
    for (voucher, outcome) in outcomes {
        match outcome {
            Ok(outcome) => closed.push(row(voucher, outcome)),
            Err(error) => {
                failed.get_or_insert((voucher, error));
            }
        }
    }
    let Some((voucher, error)) = failed else {
        return Ok(Fields::default()
            .with("closed", "Closed", Value::List(closed))
            .into());
    };
    let message = format!(
        "voucher {voucher} was not closed: {error}. {} of {all} were; run `specie proxy close` again for the rest",
        closed.len()
    );
    Err(CliError::of_channel(&error, message))
}

fn row(voucher: Pubkey, closed: Closed) -> Fields {
    Fields::default()
        .with("voucher", "Voucher", Value::Address(voucher))
        .with("consumed", "Consumed", Value::scu(closed.consumed.get()))
        .with(
            "signedBefore",
            "Signed before",
            Value::scu(closed.signed.get()),
        )
        .with("charges", "Charges", Value::Number(closed.charges))
        .with(
            "next",
            "Next",
            Value::text(format!("specie wallet close {voucher}")),
        )
}

/// How the vouchers stand, without asking anybody.
pub(super) fn account(purse: &Purse) -> Outcome {
    let stands = |channel: &std::sync::Arc<specie_proxy::Channel>| {
        let standing = channel.standing();
        Fields::default()
            .with(
                "voucher",
                "Voucher",
                Value::Address(channel.holder().address()),
            )
            .with("consumed", "Consumed", Value::scu(standing.consumed.get()))
            .with("signed", "Signed", Value::scu(standing.signed.get()))
            .with("charges", "Charges", Value::Number(standing.charges))
    };
    let all = purse.channels().iter().map(stands).collect();
    Fields::default()
        .with("stopped", "Stopped", Value::List(all))
        .into()
}
