//! Versions of the contract, and what to upgrade where two sides have none in common.

/// The version that this code speaks.
pub const CURRENT: u32 = 1;

/// All versions that this code speaks.
pub const SPOKEN: &[u32] = &[CURRENT];

/// The two sides speak no version in common.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionMismatch {
    /// The gateway speaks later versions only.
    #[error(
        "the gateway speaks version {theirs} of Specie's HTTP contract and this program version {ours}: upgrade this program"
    )]
    UpgradeHere {
        /// The newest version spoken here.
        ours: u32,
        /// The oldest version that the gateway speaks.
        theirs: u32,
    },
    /// The gateway speaks earlier versions only.
    #[error(
        "the gateway speaks version {theirs} of Specie's HTTP contract and this program version {ours}: \
         ask the vendor to upgrade the gateway, or use an earlier release of this program"
    )]
    UpgradeThere {
        /// The oldest version spoken here.
        ours: u32,
        /// The newest version that the gateway speaks.
        theirs: u32,
    },
}

/// The newest version that both sides speak.
pub fn common(theirs: &[u32]) -> Result<u32, VersionMismatch> {
    let shared = theirs.iter().filter(|version| SPOKEN.contains(version));
    if let Some(version) = shared.max() {
        return Ok(*version);
    }
    let newest_here = SPOKEN.iter().copied().max().unwrap_or(CURRENT);
    let oldest_here = SPOKEN.iter().copied().min().unwrap_or(CURRENT);
    match theirs.iter().copied().min() {
        Some(oldest) if oldest > newest_here => Err(VersionMismatch::UpgradeHere {
            ours: newest_here,
            theirs: oldest,
        }),
        _ => Err(VersionMismatch::UpgradeThere {
            ours: oldest_here,
            theirs: theirs.iter().copied().max().unwrap_or(0),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_common_version_is_spoken() {
        assert_eq!(common(&[1]), Ok(1));
        assert_eq!(common(&[3, 2, 1]), Ok(1));
    }

    #[test]
    fn without_a_common_version_the_older_side_is_named() {
        let newer = common(&[3, 2]).unwrap_err();
        assert!(newer.to_string().ends_with("upgrade this program"));
        let older = common(&[0]).unwrap_err();
        assert!(older.to_string().contains("ask the vendor to upgrade"));
        assert!(matches!(
            common(&[]),
            Err(VersionMismatch::UpgradeThere { .. })
        ));
    }
}
