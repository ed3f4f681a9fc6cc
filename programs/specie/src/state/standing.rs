//! Who runs a vault, and whether governance lets it do business.

use {
    super::{Vault, VaultStatus},
    crate::errors::SpecieError,
    anchor_lang::prelude::*,
};

impl Vault {
    /// `Active → Suspended`: no issuing and no withdrawing until it is reinstated; redeeming and every exit go on.
    pub fn suspend(&mut self) -> Result<()> {
        require!(
            self.status == VaultStatus::Active as u8,
            SpecieError::VaultNotActive
        );
        self.status = VaultStatus::Suspended as u8;
        Ok(())
    }

    /// `Suspended → Active`.
    pub fn reinstate(&mut self) -> Result<()> {
        require!(
            self.status == VaultStatus::Suspended as u8,
            SpecieError::VaultNotSuspended
        );
        self.status = VaultStatus::Active as u8;
        Ok(())
    }

    /// Admits `who` as the vendor. Whom the vault is being handed to takes it over by this; anybody else refuses with
    /// [`SpecieError::NotVendor`].
    pub fn admit_vendor(&mut self, who: &Address) -> Result<()> {
        if *who != self.vendor {
            // While nobody is named this is zero, an address that signs nothing.
            require!(*who == self.pending_vendor, SpecieError::NotVendor);
            self.vendor = *who;
            self.pending_vendor = Address::default();
        }
        Ok(())
    }

    /// Offers the vault to another vendor, instead of whom it was offered to before; its own vendor takes an offer back.
    pub fn hand_to(&mut self, vendor: Address) {
        self.pending_vendor = vendor;
        if vendor == self.vendor {
            self.pending_vendor = Address::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn key(n: u8) -> Address {
        Address::new_from_array([n; 32])
    }

    fn of(status: VaultStatus) -> Vault {
        Vault {
            status: status as u8,
            vendor: key(1),
            ..Vault::zeroed()
        }
    }

    #[test]
    fn only_an_active_vault_is_suspended_and_only_a_suspended_one_reinstated() {
        let not_active = Err(SpecieError::VaultNotActive.into());
        let not_suspended = Err(SpecieError::VaultNotSuspended.into());
        let mut vault = of(VaultStatus::Active);
        assert_eq!(vault.reinstate(), not_suspended);
        assert_eq!(vault.suspend(), Ok(()));
        assert_eq!(vault.suspend(), not_active);
        assert_eq!(vault.reinstate(), Ok(()));
        assert_eq!(vault.status, VaultStatus::Active as u8);
        let mut vault = of(VaultStatus::Defaulted);
        assert_eq!(vault.suspend(), not_active);
        assert_eq!(vault.reinstate(), not_suspended);
    }

    #[test]
    fn a_vault_changes_hands_when_both_have_acted() {
        let mut vault = of(VaultStatus::Active);
        let stranger = Err(SpecieError::NotVendor.into());
        assert_eq!(vault.admit_vendor(&key(2)), stranger);
        vault.hand_to(key(2));
        assert_eq!(vault.admit_vendor(&key(1)), Ok(()));
        assert_eq!(vault.pending_vendor, key(2));
        assert_eq!(vault.admit_vendor(&key(3)), stranger);
        assert_eq!(vault.admit_vendor(&key(2)), Ok(()));
        assert_eq!((vault.vendor, vault.pending_vendor), (key(2), key(0)));
        assert_eq!(vault.admit_vendor(&key(1)), stranger);
    }

    #[test]
    fn an_offered_hand_over_is_replaced_and_taken_back() {
        let mut vault = of(VaultStatus::Active);
        vault.hand_to(key(2));
        vault.hand_to(key(3));
        assert_eq!(
            vault.admit_vendor(&key(2)),
            Err(SpecieError::NotVendor.into())
        );
        vault.hand_to(key(1));
        assert_eq!(vault.pending_vendor, key(0));
        assert_eq!(
            vault.admit_vendor(&key(3)),
            Err(SpecieError::NotVendor.into())
        );
    }
}
