//! Calls of those who govern, and of a vault that changes hands.

use {
    super::{Call, Party, Vendor, World},
    solana_pubkey::Pubkey,
    specie::instructions::UpdateVaultArgs,
    specie_client::{
        address, instruction as ix,
        state::{Change, ChangeKind, Params, Proposal},
        units::{Units, WorkPerScu},
    },
};

impl World {
    /// The authority announces the next change, and pays its rent.
    pub fn schedule_change(&self, proposal: Proposal) -> Call {
        let authority = self.authority.address();
        let index = self.currency_state().next_change.get();
        let instruction = ix::schedule_change(self.currency, index, authority, authority, proposal);
        Call::new([instruction], &[&self.authority])
    }

    /// Announces a change; returns its address.
    #[track_caller]
    pub fn scheduled(&mut self, proposal: Proposal) -> Pubkey {
        let index = self.currency_state().next_change.get();
        let call = self.schedule_change(proposal);
        self.ok(&call);
        address::change(&self.currency, index)
    }

    /// A change that waits.
    pub fn change_state(&self, change: &Pubkey) -> Change {
        self.read(change)
    }

    /// Anybody executes a change; a new authority, the party "new authority" in every world, signs.
    pub fn execute_change(&self, change: &Pubkey) -> Call {
        let change = self.change_state(change);
        let new_authority = self.party("new authority");
        let signs = change.proposal.kind == ChangeKind::Authority as u8
            && change.proposal.subject == new_authority.address();
        let signers: &[&Party] = if signs { &[&new_authority] } else { &[] };
        Call::new([ix::execute_change(&change)], signers)
    }

    /// Executes a change at its eta.
    #[track_caller]
    pub fn executed(&mut self, change: &Pubkey) {
        let eta = self.change_state(change).eta.get();
        if eta > self.chain.now() {
            self.chain.warp_to(eta);
        }
        let call = self.execute_change(change);
        self.ok(&call);
    }

    /// One of the two who may cancels a change.
    pub fn cancel_change(&self, change: &Pubkey, by: &Party) -> Call {
        let change = self.change_state(change);
        Call::new([ix::cancel_change(&change, by.address())], &[by])
    }

    /// The rules with something changed, as a proposal.
    pub fn new_params(&self, change: impl FnOnce(&mut Params)) -> Proposal {
        let mut params = self.params();
        change(&mut params);
        Proposal::Params(params)
    }

    /// A rise of the Standard by so many basis points, as a proposal.
    pub fn rise(&self, bps: u64) -> Proposal {
        let now = self.standard_state().work_per_scu.get();
        Proposal::Standard(WorkPerScu::new(now + now * bps / 10_000))
    }

    /// A vault's new limit, as a proposal.
    pub fn new_limit(&self, vendor: &Vendor, limit: u64) -> Proposal {
        Proposal::VaultLimit {
            vault: vendor.vault,
            limit: Units::new(limit),
        }
    }

    /// One of the two who may suspends a vault.
    pub fn suspend_vault(&self, vendor: &Vendor, by: &Party) -> Call {
        let instruction = ix::suspend_vault(self.currency, vendor.vault, by.address());
        Call::new([instruction], &[by])
    }

    /// The authority reinstates a vault.
    pub fn reinstate_vault(&self, vendor: &Vendor) -> Call {
        let authority = self.authority.address();
        let instruction = ix::reinstate_vault(self.currency, vendor.vault, authority);
        Call::new([instruction], &[&self.authority])
    }

    /// Whom a vendor hands its vault to takes it over.
    pub fn take_vault_over(&self, vendor: &Vendor, new: &Party, args: UpdateVaultArgs) -> Call {
        let mut vault = self.vault_state(vendor);
        vault.pending_vendor = new.address();
        let instruction = ix::take_vault_over(vendor.vault, &vault, vendor.payout, args);
        Call::new([instruction], &[new])
    }
}
