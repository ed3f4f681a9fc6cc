//! What happens past the program, by the token program alone.

use {
    super::Stagehand,
    solana_instruction::Instruction,
    specie_client::address::TOKEN_PROGRAM,
    specie_tests::model::{Purse, Who},
    spl_token_interface::instruction as token,
};

impl Stagehand<'_> {
    pub(super) fn burn(&self, by: Who, tokens: u64) -> Instruction {
        let from = self.places.purse(Purse::Tokens(by));
        token::burn(
            &TOKEN_PROGRAM,
            &from,
            &self.places.mint,
            &self.at(by),
            &[],
            tokens,
        )
        .expect("an instruction")
    }

    pub(super) fn donate(&self, to: Purse, amount: u64) -> Instruction {
        let holder = Who::Holder(0);
        if to == Purse::Staked {
            return self.transfer(Purse::Tokens(holder), holder, to, amount);
        }
        let issuer = self.world.stable_issuer.address();
        let to = self.places.purse(to);
        token::mint_to(
            &TOKEN_PROGRAM,
            &self.places.stable_mint,
            &to,
            &issuer,
            &[],
            amount,
        )
        .expect("an instruction")
    }

    pub(super) fn transfer(&self, from: Purse, by: Who, to: Purse, amount: u64) -> Instruction {
        let (from, to) = (self.places.purse(from), self.places.purse(to));
        #[allow(deprecated, reason = "as simple a transfer as there is")]
        token::transfer(&TOKEN_PROGRAM, &from, &to, &self.at(by), &[], amount)
            .expect("an instruction")
    }

    pub(super) fn set_frozen(&self, account: Purse, frozen: bool) -> Instruction {
        let account = self.places.purse(account);
        let (mint, issuer) = (&self.places.stable_mint, self.world.stable_issuer.address());
        if frozen {
            token::freeze_account(&TOKEN_PROGRAM, &account, mint, &issuer, &[])
        } else {
            token::thaw_account(&TOKEN_PROGRAM, &account, mint, &issuer, &[])
        }
        .expect("an instruction")
    }
}
