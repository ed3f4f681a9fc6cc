//! What a crate must not link. A crate is a border that somebody needs: the key host is small enough to be read whole, and
//! the accelerator host knows no chain.

use {
    crate::{process, workspace},
    anyhow::{Result, bail},
};

/// A package, and beginnings of the names of packages that it must not link, with the reason.
struct Border {
    package: &'static str,
    refused: &'static [&'static str],
    reason: &'static str,
}

const BORDERS: &[Border] = &[
    Border {
        package: "specie-signer",
        refused: &[
            "sqlx",
            "libsqlite3",
            "reqwest",
            "opentelemetry",
            "solana-rpc",
            "specie-gateway",
            TESTING,
        ],
        reason: "the key host holds keys: it has no database, sends no requests, and exports nothing",
    },
    Border {
        package: "specie-provisioner",
        refused: &[
            "sqlx",
            "libsqlite3",
            "reqwest",
            "opentelemetry",
            "solana-rpc",
            "solana-transaction",
            "specie-client",
            "specie-gateway",
            TESTING,
        ],
        reason: "the accelerator host runs as root beside other people's jobs: it has no database, sends no requests, exports \
                 nothing, and knows no chain",
    },
    Border {
        package: "specie-ledger",
        refused: &[
            "axum",
            "hyper",
            "reqwest",
            "solana-rpc",
            "specie-gateway",
            TESTING,
        ],
        reason: "the ledger keeps money: it serves nobody, asks no chain, and knows no gateway",
    },
    Border {
        package: "specie-chain",
        refused: &[
            "axum",
            "sqlx",
            "libsqlite3",
            "opentelemetry",
            "specie-ledger",
            "specie-gateway",
        ],
        reason: "the chain is asked by whoever needs it: it serves nobody and keeps nothing",
    },
    Border {
        package: "specie-gateway",
        refused: &["specie-provisioner", "specie-signer", TESTING],
        reason: "jobs and remote keys are other processes' business, and a shipped binary has no test code",
    },
    Border {
        package: "specie-cli",
        refused: &[
            "specie-gateway",
            "specie-provisioner",
            "specie-signer",
            TESTING,
        ],
        reason: "the command line is the holder's side alone, and a shipped binary has no test code",
    },
];

/// Chains, provisioners and models that tests put in place of real ones: no shipped binary links them.
const TESTING: &str = "specie-testing";

/// Fails where a crate links what it must not.
pub(crate) fn check() -> Result<()> {
    for border in BORDERS {
        let linked = process::output(workspace::plain_cargo("tree").args([
            "--locked",
            "--package",
            border.package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]))?;
        let crossed = crossings(&linked, border.refused);
        if !crossed.is_empty() {
            bail!(
                "{} links {}: {}. `cargo tree --package {} --edges normal --invert {}` shows through what",
                border.package,
                crossed.join(", "),
                border.reason,
                border.package,
                crossed[0],
            );
        }
    }
    Ok(())
}

/// The packages among `linked`, a line each, whose names begin with one of `refused`.
fn crossings(linked: &str, refused: &[&str]) -> Vec<String> {
    let names = linked.lines().filter_map(|line| line.split(' ').next());
    let mut crossed: Vec<_> = names
        .filter(|name| refused.iter().any(|start| name.starts_with(start)))
        .map(str::to_owned)
        .collect();
    crossed.sort_unstable();
    crossed.dedup();
    crossed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_refused_by_the_beginning_of_its_name() {
        let linked =
            "specie-signer v0.1.0 (/specie)\naxum v0.8.9\nsqlx-core v0.9.0\nsqlx-core v0.9.0 (*)\n";
        assert_eq!(crossings(linked, &["sqlx", "reqwest"]), ["sqlx-core"]);
        assert!(crossings(linked, &["reqwest"]).is_empty());
    }
}
