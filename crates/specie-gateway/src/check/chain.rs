use super::Finding;
use crate::chain::rpc::RpcChain;
use crate::chain::{Chain as _, ChainError, RECEIPTS_PER_TRANSACTION, Tip, VaultFacts};
use crate::class::Class;
use crate::clock::Clock;
use crate::config::ConfigFile;
use crate::gateway::Offer;
use crate::signer::KeySigner;
use solana_pubkey::Pubkey;
use specie_wire::SigningKey;
use std::sync::Arc;

/// Settlements that the operator's SOL should suffice for.
const SETTLEMENTS: u64 = 100;
/// Lamports that a cluster takes for each signature of a transaction, those that programs verify included.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// Whether the node answers, is of the currency's cluster and keeps time, and whether the vault is one that this gateway
/// can serve for.
pub(super) async fn look_at(
    config: &ConfigFile,
    offer: &Offer,
    issuer: Option<Pubkey>,
    operator: Option<Pubkey>,
    clock: &dyn Clock,
) -> Vec<Finding> {
    // Reading needs no key of anybody's.
    let nobody = KeySigner::from(SigningKey::from_bytes(&[1; 32]));
    let rpc = match config.rpc() {
        Ok(rpc) => rpc,
        Err(error) => return vec![Finding::missing("RPC", error, "mend the setting")],
    };
    let chain = RpcChain::new(&rpc, offer.vault, Arc::new(nobody));
    let now = clock.now();
    let tip = match chain.tip().await {
        Ok(tip) => tip,
        Err(error) => {
            let mend = "see that rpc_url names a Solana node that runs; what is on chain was not looked at";
            return vec![Finding::missing("RPC", error, mend)];
        }
    };
    let mut findings = vec![
        Finding::well("RPC", format!("answers, at block {}", tip.block_height)),
        clocks(tip, now.0, offer.freshness.clock_skew),
    ];
    match chain.vault().await {
        Ok(vault) => {
            findings.extend(vault_findings(&vault, offer, issuer));
            findings.extend(operator.map(|operator| answers(&vault, operator)));
        }
        Err(error) => findings.push(no_vault(&error)),
    }
    if let Some(operator) = operator {
        let lamports = chain.lamports(operator).await;
        findings.push(funds(operator, lamports, chain.priority_fee()));
    }
    findings
}

fn clocks(tip: Tip, now: i64, limit: i64) -> Finding {
    let apart = tip.time.0.saturating_sub(now);
    if apart.abs() <= limit {
        return Finding::well(
            "clocks",
            format!("this host's and the chain's differ by {apart} s; {limit} s are allowed"),
        );
    }
    Finding::missing(
        "clocks",
        format!("the chain's is {apart} s from this host's; {limit} s are allowed"),
        "set this host's clock (NTP), or name a node that does not lag; a test network whose clock was moved needs a \
         larger chain.clock_skew_seconds",
    )
}

fn no_vault(error: &ChainError) -> Finding {
    let mend = "see that `vault` is the vault's address and rpc_url of the cluster that it is on; \
                `specie vault open` opens one";
    Finding::missing("vault", error, mend)
}

fn vault_findings(vault: &VaultFacts, offer: &Offer, issuer: Option<Pubkey>) -> Vec<Finding> {
    let cluster = Pubkey::new_from_array(vault.cluster);
    let mut findings = vec![Finding::well(
        "vault",
        format!(
            "{} of currency {}, on the cluster whose genesis hash is {cluster}",
            vault.vault, vault.currency
        ),
    )];
    if let Some(issuer) = issuer {
        findings.push(if vault.issuer == issuer {
            Finding::well("issuer", "the vault's issuer is this gateway's key")
        } else {
            Finding::missing(
                "issuer",
                format!("the vault's issuer is {}, this gateway's key {issuer}", vault.issuer),
                "name the right issuer_key, or set the vault's issuer: specie vault update --issuer",
            )
        });
    }
    let served = Class::ALL
        .into_iter()
        .filter(|class| offer.classes() & class.bit() != 0);
    let not_offered: Vec<_> = served
        .filter(|class| vault.classes & class.bit() == 0)
        .map(Class::name)
        .collect();
    findings.push(if not_offered.is_empty() {
        Finding::well("classes", "the vault offers what is served here")
    } else {
        Finding::missing(
            "classes",
            format!("the vault does not offer {}", not_offered.join(" and ")),
            "specie vault update --class, once for each class that it offers",
        )
    });
    let staleness = offer.freshness.staleness;
    let least = staleness.saturating_mul(4);
    findings.push(if vault.dispute_window >= least {
        Finding::well(
            "dispute window",
            format!("{} s; at least {least} s are needed", vault.dispute_window),
        )
    } else {
        Finding::missing(
            "dispute window",
            format!(
                "{} s are less than four times chain.staleness_seconds, {staleness}",
                vault.dispute_window
            ),
            format!(
                "lower chain.staleness_seconds to {} or less",
                vault.dispute_window / 4
            ),
        )
    });
    findings
}

/// Anybody settles, but only the vault's operator answers challenges.
fn answers(vault: &VaultFacts, operator: Pubkey) -> Finding {
    if vault.operator == operator {
        return Finding::well("operator", "the vault's operator is this gateway's key");
    }
    Finding::missing(
        "operator",
        format!(
            "the vault's operator is {}, this gateway's key {operator}: challenges would go unanswered, and be paid for",
            vault.operator
        ),
        "name the right operator_key, or set the vault's operator: specie vault update --operator",
    )
}

/// What a full settlement costs: one signature of the operator's, one to verify for each receipt, and the bid.
fn funds(operator: Pubkey, lamports: Result<u64, ChainError>, bid: u64) -> Finding {
    let subject = "operator's SOL";
    let lamports = match lamports {
        Ok(lamports) => lamports,
        Err(error) => return Finding::missing(subject, error, "ask again"),
    };
    let cost = LAMPORTS_PER_SIGNATURE * (1 + RECEIPTS_PER_TRANSACTION as u64) + bid;
    let settlements = lamports / cost;
    if settlements >= SETTLEMENTS {
        return Finding::well(
            subject,
            format!("{lamports} lamports, enough for {settlements} settlements"),
        );
    }
    let short = cost.saturating_mul(SETTLEMENTS).saturating_sub(lamports);
    Finding::missing(
        subject,
        format!("{lamports} lamports are enough for {settlements} settlements"),
        format!("send at least {short} lamports to {operator}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_by_the_limit_and_no_more() {
        let tip = Tip {
            block_height: 1,
            time: crate::clock::UnixTime(1_000),
        };
        assert!(clocks(tip, 1_060, 60).is_well());
        assert!(clocks(tip, 940, 60).is_well());
        for now in [939, 1_061] {
            let missing = clocks(tip, now, 60).outcome.unwrap_err();
            assert!(missing.what.contains("61 s"), "{}", missing.what);
        }
    }

    #[test]
    fn funds_are_counted_in_settlements_of_four_signatures_and_a_bid() {
        let operator = Pubkey::new_unique();
        let cost = 20_000 + 7;
        let enough = funds(operator, Ok(SETTLEMENTS * cost), 7);
        assert!(enough.outcome.unwrap().contains("100 settlements"));
        let missing = funds(operator, Ok(SETTLEMENTS * cost - 1), 7)
            .outcome
            .unwrap_err();
        assert!(missing.what.contains("99 settlements"));
        assert!(
            missing.mend.contains("at least 1 lamports"),
            "{}",
            missing.mend
        );
        let nothing = funds(operator, Err(ChainError::OutOfReach("x".into())), 7);
        assert!(!nothing.is_well());
    }
}
