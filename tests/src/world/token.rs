//! Mints and token accounts, by the real SPL Token program.

use {
    super::{Call, Chain, Party},
    solana_program_pack::Pack,
    solana_pubkey::Pubkey,
    specie_client::{
        address::{TOKEN_PROGRAM, token_account},
        instruction::create_token_account,
    },
    spl_token_interface::{
        instruction as token,
        state::{Account as TokenAccount, Mint},
    },
};

impl Chain {
    /// Creates a mint at a key.
    pub fn create_mint(
        &mut self,
        mint: &Party,
        decimals: u8,
        authority: &Pubkey,
        freeze_authority: Option<&Pubkey>,
    ) -> Pubkey {
        let fee_payer = self.fee_payer().address();
        let create = solana_system_interface::instruction::create_account(
            &fee_payer,
            &mint.address(),
            self.rent(Mint::LEN),
            Mint::LEN as u64,
            &TOKEN_PROGRAM,
        );
        let initialize = token::initialize_mint2(
            &TOKEN_PROGRAM,
            &mint.address(),
            authority,
            freeze_authority,
            decimals,
        )
        .expect("an instruction");
        self.send(&Call::new([create, initialize], &[mint]))
            .expect_success();
        mint.address()
    }

    /// Creates an owner's associated token account where it is missing.
    pub fn create_token_account(&mut self, owner: &Pubkey, mint: &Pubkey) -> Pubkey {
        let create = create_token_account(self.fee_payer().address(), *owner, *mint);
        self.send(&Call::new([create], &[])).expect_success();
        token_account(owner, mint)
    }

    /// Creates a token account of an owner's at a key of its own, beside the associated one.
    pub fn create_token_account_at(
        &mut self,
        account: &Party,
        owner: &Pubkey,
        mint: &Pubkey,
    ) -> Pubkey {
        let (at, payer) = (account.address(), self.fee_payer().address());
        let create = solana_system_interface::instruction::create_account(
            &payer,
            &at,
            self.rent(TokenAccount::LEN),
            TokenAccount::LEN as u64,
            &TOKEN_PROGRAM,
        );
        let initialize = token::initialize_account3(&TOKEN_PROGRAM, &at, mint, owner);
        let initialize = initialize.expect("an instruction");
        self.send(&Call::new([create, initialize], &[account]))
            .expect_success();
        at
    }

    /// Mints base units to a token account.
    pub fn mint_to(&mut self, mint: &Pubkey, authority: &Party, to: &Pubkey, amount: u64) {
        let (program, authority_at) = (TOKEN_PROGRAM, authority.address());
        let mint_to = token::mint_to(&program, mint, to, &authority_at, &[], amount);
        self.send(&Call::new([mint_to.expect("an instruction")], &[authority]))
            .expect_success();
    }

    /// Sends base units from one token account to another.
    pub fn transfer(&mut self, from: &Pubkey, owner: &Party, to: &Pubkey, amount: u64) {
        let (program, owner_at) = (TOKEN_PROGRAM, owner.address());
        #[allow(deprecated, reason = "as simple a transfer as there is")]
        let transfer = token::transfer(&program, from, to, &owner_at, &[], amount);
        self.send(&Call::new([transfer.expect("an instruction")], &[owner]))
            .expect_success();
    }

    /// Freezes or thaws a token account.
    pub fn set_frozen(&mut self, account: &Pubkey, mint: &Pubkey, authority: &Party, frozen: bool) {
        let (program, authority_at) = (TOKEN_PROGRAM, authority.address());
        let change = if frozen {
            token::freeze_account(&program, account, mint, &authority_at, &[])
        } else {
            token::thaw_account(&program, account, mint, &authority_at, &[])
        };
        self.send(&Call::new([change.expect("an instruction")], &[authority]))
            .expect_success();
    }

    /// A token account.
    pub fn token_account(&self, address: &Pubkey) -> TokenAccount {
        let account = self.account(address).expect("a token account");
        assert_eq!(account.owner, TOKEN_PROGRAM);
        TokenAccount::unpack(&account.data).expect("a token account")
    }

    /// A mint.
    pub fn mint(&self, address: &Pubkey) -> Mint {
        let account = self.account(address).expect("a mint");
        assert_eq!(account.owner, TOKEN_PROGRAM);
        Mint::unpack(&account.data).expect("a mint")
    }

    /// Base units in a token account.
    pub fn tokens(&self, address: &Pubkey) -> u64 {
        self.token_account(address).amount
    }
}
