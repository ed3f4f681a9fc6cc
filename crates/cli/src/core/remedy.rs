//! What would help where a vault may not issue so much: how much more capacity or collateral, or how much less to issue.

use super::{
    amount,
    error::CliError,
    report::Value,
    view::{CurrencyView, VaultView},
};
use specie::{
    math::Rounding,
    state::Sale,
    units::{Quote, Rate, Timestamp, Tokens},
};
use specie_client::{
    quote::{Issue, Snapshot},
    refusal::Refusal,
    state::Vault,
};

/// The most that is looked for: TFLOP/s or collateral base units, beyond what any vault has.
const SEARCH_LIMIT: u64 = 1 << 53;

impl VaultView {
    /// What issuing tokens comes to; a refusal says what would help.
    pub(crate) fn quote_issue(&self, tokens: u64) -> Result<Issue, CliError> {
        self.quote(|vault| vault.issue(tokens)).map_err(|error| {
            let issue = |vault: Snapshot<'_>| vault.issue(tokens).map(drop);
            let most = self.currency.snapshot(&self.account).issue_headroom();
            self.with_remedy(error, tokens, issue, most.ok(), "issue")
        })
    }

    /// What buying tokens comes to; a refusal says what would help.
    pub(crate) fn quote_purchase(&self, tokens: u64) -> Result<Sale, CliError> {
        self.quote(|vault| vault.purchase(tokens)).map_err(|error| {
            let purchase = |vault: Snapshot<'_>| vault.purchase(tokens).map(drop);
            let most = self.currency.snapshot(&self.account).purchase_headroom();
            self.with_remedy(error, tokens, purchase, most.ok(), "buy")
        })
    }

    /// An error, and if it is a refusal of `ask` what would have it answered. `most` is the most that is allowed now.
    fn with_remedy(
        &self,
        error: CliError,
        tokens: u64,
        ask: impl Fn(Snapshot<'_>) -> Result<(), Refusal>,
        most: Option<u64>,
        verb: &str,
    ) -> CliError {
        let CliError::Refused(refusal) = error else {
            return error;
        };
        let (currency, name) = (&self.currency, refusal.name.clone());
        // Another rule may refuse the same amount; that is told once this one is met.
        let helps = |vault: &Vault| match ask(currency.snapshot(vault)) {
            Ok(()) => true,
            Err(other) => other.name != name,
        };
        let more = match name.as_str() {
            "CoverageBelowFull" => coverage(currency, &self.account, tokens, helps),
            "CollateralBelowRatio" => least(|amount| {
                let mut vault = self.account;
                let held = vault.balances.collateral.get();
                vault.balances.collateral = Quote::new(held.saturating_add(amount));
                helps(&vault)
            })
            .map(|amount| format!("deposit {} more", currency.collateral(amount).line())),
            _ => None,
        };
        let less = most
            .filter(|most| *most > 0)
            .map(|most| format!("{verb} at most {}", Value::scu(most).line()));
        let remedies: Vec<String> = more.into_iter().chain(less).collect();
        match remedies.as_slice() {
            [] => refusal.into(),
            remedies => refusal.because(remedies.join(", or ")).into(),
        }
    }
}

/// What the coverage would be, and how much more must be attested.
fn coverage(
    view: &CurrencyView,
    account: &Vault,
    tokens: u64,
    helps: impl Fn(&Vault) -> bool,
) -> Option<String> {
    let now = Timestamp::new(view.now);
    let mut vault = *account;
    vault.promote_pending(now);
    let ttl = view.account.params.attestation_ttl;
    let capacity = vault.attested.work(ttl, now).ok()?;
    if capacity == 0 {
        return Some(
            "no capacity counts now: have it attested (`specie attestor capacity`)".into(),
        );
    }
    let units = Tokens::new(tokens)
        .units(view.backing(), Rounding::Up)
        .ok()?;
    let outstanding = &mut vault.balances.outstanding;
    *outstanding = outstanding.plus(units).ok()?;
    let owed = vault.owed_work(view.standard.to_cover(now)).ok()?.get();
    let bps = (capacity * 10_000).checked_div(owed.into())?;
    let rate = least(|more| {
        let mut vault = *account;
        vault.promote_pending(now);
        vault.attested.rate = Rate::new(vault.attested.rate.get().saturating_add(more));
        helps(&vault)
    })?;
    Some(format!(
        "coverage would be {}: attest {rate} TFLOP/s more",
        amount::format_share(u64::try_from(bps).ok()?)
    ))
}

/// The smallest number up to the limit that helps, where all above one that helps do too.
fn least(helps: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (0, SEARCH_LIMIT);
    if !helps(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if helps(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_that_helps_is_found_to_the_unit() {
        for first in [0, 1, 2, 999_999, SEARCH_LIMIT] {
            assert_eq!(least(|number| number >= first), Some(first));
        }
        assert_eq!(least(|_| false), None);
    }
}
