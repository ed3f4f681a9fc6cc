use super::{Finding, capacity::covers};
use crate::chain::rpc::{Agreement, RpcChain};
use crate::chain::{Chain as _, ChainError, RECEIPTS_PER_TRANSACTION, Tip, VaultFacts};
use crate::class::Class;
use crate::clock::Clock;
use crate::config::ConfigFile;
use crate::ledger::Watermark;
use crate::offer::Offer;
use crate::signer::KeySigner;
use solana_pubkey::Pubkey;
use specie_wire::SigningKey;
use std::collections::HashSet;
use std::sync::Arc;

/// Settlements that the operator's SOL should suffice for.
const SETTLEMENTS: u64 = 100;
/// Accounts that one call of an RPC returns at most.
const ACCOUNTS_PER_CALL: usize = 100;
/// Vouchers that a finding names.
const VOUCHERS_NAMED: usize = 5;
/// Lamports that a cluster takes for each signature of a transaction, those that programs verify included.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// Whether the node answers, is of the currency's cluster and keeps time, and whether the vault is one that this gateway
/// can serve for.
pub(super) async fn look_at(
    config: &ConfigFile,
    offer: &Offer,
    issuer: Option<Pubkey>,
    operator: Option<Pubkey>,
    ledger: &[Watermark],
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
        agreement(&rpc.agreement, rpc.urls.len(), offer.freshness.readings),
        clocks(tip, now.0, offer.freshness.clock_skew),
    ];
    match chain.vault().await {
        Ok(vault) => {
            findings.extend(vault_findings(&vault, offer, issuer));
            findings.extend(operator.map(|operator| answers(&vault, operator)));
            findings.push(covers(chain.standing(tip.time).await));
        }
        Err(error) => findings.push(no_vault(&error)),
    }
    let live: Vec<_> = ledger.iter().filter(|known| known.is_live).collect();
    if !live.is_empty() {
        findings.push(other_ledgers(&chain, &live).await);
    }
    findings.extend(unknown_vouchers(&chain, ledger).await);
    if let Some(operator) = operator {
        let lamports = chain.lamports(operator).await;
        findings.push(funds(operator, lamports, chain.priority_fee()));
    }
    findings
}

/// One node that lies long enough is believed.
fn agreement(agreement: &Agreement, nodes: usize, readings: u32) -> Finding {
    let subject = "RPC agreement";
    if agreement.nodes > 1 {
        return Finding::well(
            subject,
            format!("{} of {nodes} nodes must say the same", agreement.nodes),
        );
    }
    Finding::warning(
        subject,
        format!(
            "what one node says counts, once {readings} readings in a row say it: one that lies for longer ends vouchers and calls \
             settlements final, until a node that does not lie contradicts it"
        ),
        "name nodes of other operators in chain.rpc_urls, and set chain.agree to 2 or more",
    )
}

/// What the chain has settled beyond every receipt that the ledger knows was settled by another ledger.
async fn other_ledgers(chain: &RpcChain, ledger: &[&Watermark]) -> Finding {
    let subject = "other ledgers";
    let mut beyond = Vec::new();
    for part in ledger.chunks(ACCOUNTS_PER_CALL) {
        let addresses: Vec<_> = part.iter().map(|known| known.voucher.address).collect();
        let reading = match chain.vouchers(&addresses).await {
            Ok(reading) => reading,
            Err(error) => return Finding::missing(subject, error, "ask again"),
        };
        for (known, facts) in part.iter().zip(reading.vouchers) {
            let facts = facts.filter(|facts| facts.opened_at.0 == known.voucher.opened_at);
            let settled = facts.map_or(0, |facts| facts.settled);
            if known.is_settled_elsewhere || settled > known.highest.get() {
                beyond.push(format!(
                    "{} ({settled} settled, {} known)",
                    known.voucher.address, known.highest
                ));
            }
        }
    }
    if beyond.is_empty() {
        return Finding::well(
            subject,
            "nothing is settled beyond what this ledger has receipts for",
        );
    }
    let named = beyond
        .iter()
        .take(VOUCHERS_NAMED)
        .cloned()
        .collect::<Vec<_>>();
    Finding::missing(
        subject,
        format!(
            "of {} vouchers more is settled than this ledger has receipts for, so another one serves the vault, or this is an older \
             copy: {}",
            beyond.len(),
            named.join(", ")
        ),
        "stop the other gateway, or name its database; where there is no other one any more: specie-gateway adopt",
    )
}

/// Vouchers of the vault that were served, and not from this ledger. A node without an index of programs' accounts lists none.
async fn unknown_vouchers(chain: &RpcChain, ledger: &[Watermark]) -> Option<Finding> {
    let known: HashSet<_> = ledger.iter().map(|known| known.voucher.address).collect();
    let listed = chain.settled().await.ok()?;
    let unknown = listed
        .iter()
        .filter(|(address, settled)| *settled > 0 && !known.contains(address));
    let (vouchers, units) = unknown.fold((0_u64, 0_u64), |(vouchers, units), (_, settled)| {
        (vouchers + 1, units.saturating_add(*settled))
    });
    (vouchers > 0).then(|| {
        Finding::warning(
            "unknown vouchers",
            format!(
                "{units} units are settled of {vouchers} vouchers of the vault that this ledger has never seen: another one has served \
                 them"
            ),
            "see that `database` names the vault's only ledger; what was settled counts as consumed here, too",
        )
    })
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
