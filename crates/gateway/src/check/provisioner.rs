use super::Finding;
use crate::lease::Pool;

/// A lease that is none: whoever signs well is told that it is unknown.
const NO_LEASE: &str = "check";

/// Whether the pools' provisioners answer, and take this gateway's signature.
pub(super) async fn look_at(pools: &[Pool]) -> Vec<Finding> {
    let mut findings = Vec::with_capacity(pools.len());
    for pool in pools {
        let subject = format!("pool {}", pool.id);
        findings.push(match pool.provisioner.report(NO_LEASE).await {
            Ok(_) => Finding::well(subject, "its provisioner answers and takes this gateway's signature"),
            Err(error) => {
                let mend = format!(
                    "see that the provisioner of pools.{}.provisioner runs, with the address of leases.key",
                    pool.id
                );
                Finding::missing(subject, error, mend)
            }
        });
    }
    findings
}
