use {
    super::{Params, Quorum},
    crate::{constants::QUORUM_MAX, errors::SpecieError, units::*},
    anchor_lang::{__alloc::vec::Vec, prelude::*},
    bytemuck::Zeroable,
    specie_wire::Key,
};

/// What a scheduled change may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ChangeKind {
    /// The currency's rules.
    Params = 0,
    /// A rise of the Standard.
    Standard = 1,
    /// The quorum's keys and threshold.
    Quorum = 2,
    /// The authority, which signs the execution.
    Authority = 3,
    /// The guardian.
    Guardian = 4,
    /// The treasury's token account.
    Treasury = 5,
    /// The most units that a vault may owe.
    VaultLimit = 6,
}

impl ChangeKind {
    const ALL: [Self; 7] = [
        Self::Params,
        Self::Standard,
        Self::Quorum,
        Self::Authority,
        Self::Guardian,
        Self::Treasury,
        Self::VaultLimit,
    ];
}

/// A change as the authority proposes it.
#[derive(Clone, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub enum Proposal {
    /// New rules, all of them.
    Params(Params),
    /// A higher Standard: TFLOP per SCU.
    Standard(WorkPerScu),
    /// A new quorum, in a new epoch.
    Quorum {
        /// Signatures that a message needs: 1 to 7.
        threshold: u8,
        /// The keys, 1 to 16, distinct and ascending.
        keys: Vec<[u8; 32]>,
    },
    /// A new authority.
    Authority(Address),
    /// A new guardian.
    Guardian(Address),
    /// Another token account of the treasury.
    Treasury(Address),
    /// The most that a vault may owe.
    VaultLimit {
        /// The vault.
        vault: Address,
        /// The vault's new limit.
        limit: Units,
    },
}

impl Proposal {
    /// The proposal as its account and event hold it; refuses rules out of bounds and a malformed quorum.
    #[inline(never)]
    pub fn flatten(&self) -> Result<ScheduledProposal> {
        let mut flat = ScheduledProposal::zeroed();
        let kind = match self {
            Self::Params(params) => {
                params.validate()?;
                flat.params = *params;
                ChangeKind::Params
            }
            Self::Standard(work_per_scu) => {
                flat.work_per_scu = *work_per_scu;
                ChangeKind::Standard
            }
            Self::Quorum { threshold, keys } => {
                flat.count = Quorum::validate(keys, *threshold)?;
                flat.threshold = *threshold;
                for (slot, key) in flat.keys.iter_mut().zip(keys) {
                    *slot = *key;
                }
                ChangeKind::Quorum
            }
            Self::Authority(subject) => {
                flat.subject = *subject;
                ChangeKind::Authority
            }
            Self::Guardian(subject) => {
                flat.subject = *subject;
                ChangeKind::Guardian
            }
            Self::Treasury(subject) => {
                flat.subject = *subject;
                ChangeKind::Treasury
            }
            Self::VaultLimit { vault, limit } => {
                flat.subject = *vault;
                flat.limit = *limit;
                ChangeKind::VaultLimit
            }
        };
        flat.kind = kind as u8;
        Ok(flat)
    }
}

/// A proposal as its account and its event hold it: what its kind does not use is zero.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct ScheduledProposal {
    /// A [`ChangeKind`].
    pub kind: u8,
    /// Signatures that a message of the new quorum needs.
    pub threshold: u8,
    /// How many keys the new quorum has.
    pub count: u8,
    /// Unused, zero.
    pub padding: [u8; 5],
    /// The new authority, guardian or treasury account, or the vault whose limit changes; zero for the other kinds.
    pub subject: Address,
    /// The new Standard.
    pub work_per_scu: WorkPerScu,
    /// The vault's new limit.
    pub limit: Units,
    /// The new rules.
    pub params: Params,
    /// The new quorum's keys, ascending; zero behind the last.
    pub keys: [[u8; 32]; QUORUM_MAX],
}

impl ScheduledProposal {
    /// What it changes.
    pub fn kind(&self) -> Result<ChangeKind> {
        ChangeKind::ALL
            .get(usize::from(self.kind))
            .copied()
            .ok_or(SpecieError::InvariantBroken.into())
    }

    /// The new quorum's keys.
    pub fn keys(&self) -> &[Key] {
        self.keys.get(..usize::from(self.count)).unwrap_or(&[])
    }

    /// How long everybody must have known of it, under the present rules, before it takes effect.
    ///
    /// That is `change_delay`, and `standard_notice` for a rise of the Standard, and for rules that shorten that notice: or
    /// else a vendor who relies on months would have the days that it takes to change the rule.
    pub fn notice(&self, present: &Params) -> Seconds {
        let rise = self.kind == ChangeKind::Standard as u8;
        let shortens = self.kind == ChangeKind::Params as u8
            && self.params.standard_notice < present.standard_notice;
        if rise || shortens {
            present.standard_notice
        } else {
            present.change_delay
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ChangeKind) -> ScheduledProposal {
        let mut flat = ScheduledProposal::zeroed();
        flat.kind = kind as u8;
        flat
    }

    #[test]
    fn every_kind_flattens_to_its_own_fields_and_nothing_else() {
        let subject = Address::new_from_array([7; 32]);
        let mut keys = [[0; 32]; QUORUM_MAX];
        keys[..2].copy_from_slice(&[[2; 32], [3; 32]]);
        let cases = [
            (
                Proposal::Params(Params::default()),
                ScheduledProposal {
                    params: Params::default(),
                    ..of(ChangeKind::Params)
                },
            ),
            (
                Proposal::Standard(WorkPerScu::new(9)),
                ScheduledProposal {
                    work_per_scu: WorkPerScu::new(9),
                    ..of(ChangeKind::Standard)
                },
            ),
            (
                Proposal::Quorum {
                    threshold: 1,
                    keys: vec![[2; 32], [3; 32]],
                },
                ScheduledProposal {
                    threshold: 1,
                    count: 2,
                    keys,
                    ..of(ChangeKind::Quorum)
                },
            ),
            (
                Proposal::Authority(subject),
                ScheduledProposal {
                    subject,
                    ..of(ChangeKind::Authority)
                },
            ),
            (
                Proposal::Guardian(subject),
                ScheduledProposal {
                    subject,
                    ..of(ChangeKind::Guardian)
                },
            ),
            (
                Proposal::Treasury(subject),
                ScheduledProposal {
                    subject,
                    ..of(ChangeKind::Treasury)
                },
            ),
            (
                Proposal::VaultLimit {
                    vault: subject,
                    limit: Units::new(5),
                },
                ScheduledProposal {
                    subject,
                    limit: Units::new(5),
                    ..of(ChangeKind::VaultLimit)
                },
            ),
        ];
        for (i, (proposal, flat)) in cases.into_iter().enumerate() {
            assert_eq!(proposal.flatten(), Ok(flat), "case {i}");
            assert_eq!(flat.kind(), Ok(ChangeKind::ALL[i]));
            assert_eq!(flat.keys(), &keys[..usize::from(flat.count)]);
        }
        let mut unknown = of(ChangeKind::Params);
        unknown.kind = 7;
        assert_eq!(unknown.kind(), Err(SpecieError::InvariantBroken.into()));
    }

    #[test]
    fn what_can_never_take_effect_is_not_scheduled() {
        let unbounded = Params {
            fee: Bps::new(1_001),
            ..Params::default()
        };
        assert_eq!(
            Proposal::Params(unbounded).flatten(),
            Err(SpecieError::ParamOutOfBounds.into())
        );
        let quorum = |keys: &[Key], threshold| {
            let keys = keys.to_vec();
            Proposal::Quorum { threshold, keys }.flatten()
        };
        let malformed = Err(SpecieError::QuorumMalformed.into());
        assert_eq!(quorum(&[[2; 32]], 2), malformed);
        assert_eq!(quorum(&[[2; 32]; 17], 2), malformed);
        assert_eq!(
            quorum(&[[0; 32]], 1),
            Err(SpecieError::KeyOfSmallOrder.into())
        );
    }
}
