use super::Finding;
use crate::chain::ChainError;
use crate::chain::rpc::Standing;

/// Whether attested capacity covers what the vault owes. Redeeming needs no attestation, so a gateway serves without one;
/// but the vault sells nothing, and anybody may call its margin.
pub(super) fn covers(standing: Result<Standing, ChainError>) -> Finding {
    const SUBJECT: &str = "capacity";
    let Standing {
        capacity_work,
        owed_work,
        counts_until,
        now,
    } = match standing {
        Ok(standing) => standing,
        Err(error) => return Finding::missing(SUBJECT, error, "ask again"),
    };
    let mend = "have the capacity attested anew: specie attestor capacity";
    let attested = if counts_until == 0 {
        "no capacity was attested yet".to_owned()
    } else if counts_until < now {
        format!("the attestation ended {} s ago", now - counts_until)
    } else {
        format!("the attestation counts for {} s more", counts_until - now)
    };
    if owed_work == 0 {
        return match capacity_work {
            0 => Finding::well(
                SUBJECT,
                format!("{attested}: the vault sells nothing until one counts; nothing is owed"),
            ),
            _ => Finding::well(SUBJECT, format!("{attested}; nothing is owed")),
        };
    }
    let percent = capacity_work.saturating_mul(100) / u128::from(owed_work);
    let coverage =
        format!("{percent} % of the {owed_work} TFLOP that the vault owes are covered; {attested}");
    if capacity_work >= u128::from(owed_work) {
        Finding::well(SUBJECT, coverage)
    } else {
        Finding::missing(
            SUBJECT,
            format!("{coverage}. The vault sells nothing, and its margin may be called"),
            mend,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(capacity_work: u128, owed_work: u64, counts_until: i64) -> Finding {
        covers(Ok(Standing {
            capacity_work,
            owed_work,
            counts_until,
            now: 1_000,
        }))
    }

    #[test]
    fn what_is_owed_without_capacity_is_missing() {
        let expired = found(0, 500, 900).outcome.unwrap_err();
        assert!(
            expired.what.starts_with("0 % of the 500 TFLOP") && expired.what.contains("100 s ago"),
            "{}",
            expired.what
        );
        let short = found(499, 500, 1_100).outcome.unwrap_err();
        assert!(short.what.starts_with("99 %"), "{}", short.what);
        assert!(found(500, 500, 1_100).is_well());
        assert!(!covers(Err(ChainError::OutOfReach("x".into()))).is_well());
    }

    #[test]
    fn a_vault_that_owes_nothing_may_wait_for_its_attestation() {
        let new = found(0, 0, 0).outcome.unwrap();
        assert!(new.contains("no capacity was attested yet"), "{new}");
        assert!(found(500, 0, 1_100).is_well());
    }
}
