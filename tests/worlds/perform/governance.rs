//! Founding a currency, and changing it.

use {
    super::Stagehand,
    crate::stage,
    solana_instruction::Instruction,
    solana_pubkey::Pubkey,
    specie::instructions::CreateCurrencyArgs,
    specie_client::{
        address, instruction as ix, state,
        units::{Sequence, Units, WorkPerScu},
    },
    specie_tests::model::{Purse, Who, action::Proposal},
};

impl Stagehand<'_> {
    pub(super) fn create_currency(
        &self,
        mint: u32,
        (rule, value): (u8, u64),
        (threshold, keys): (u8, u32),
        work: u64,
    ) -> Instruction {
        let mut rules = self.before.currency.rules;
        *rules.value_mut(rule.into()) = value;
        let args = CreateCurrencyArgs {
            work_per_scu: WorkPerScu::new(work),
            threshold,
            attestors: self.attestors(keys),
            params: rules.params(),
            ..self.world.create_currency_args()
        };
        let treasury = self.places.purse(Purse::Treasury(0));
        let authority = self.at(Who::Authority(0));
        ix::create_currency(
            authority,
            stage::fresh_mint(mint),
            self.places.stable_mint,
            treasury,
            args,
        )
    }

    /// The keys of attestors whose bits are set, ascending.
    fn attestors(&self, keys: u32) -> Vec<[u8; 32]> {
        let numbers = (0..32u8).filter(|n| keys & (1 << n) != 0);
        let mut keys: Vec<_> = numbers
            .map(|n| self.cast.party(Who::Attestor(n)).key())
            .collect();
        keys.sort_unstable();
        keys
    }

    pub(super) fn schedule_change(&self, by: Who, proposal: Proposal) -> Instruction {
        let (places, index) = (self.places, self.before.currency.next_change);
        let proposal = match proposal {
            Proposal::Rule(rule, value) => {
                let mut rules = self.before.currency.rules;
                *rules.value_mut(rule.into()) = value;
                state::Proposal::Params(rules.params())
            }
            Proposal::Standard(work) => state::Proposal::Standard(WorkPerScu::new(work)),
            Proposal::Quorum(threshold, keys) => state::Proposal::Quorum {
                threshold,
                keys: self.attestors(keys),
            },
            Proposal::Authority(who) => state::Proposal::Authority(self.at(who)),
            Proposal::Guardian(who) => state::Proposal::Guardian(self.at(who)),
            Proposal::Treasury(n) => state::Proposal::Treasury(places.purse(Purse::Treasury(n))),
            Proposal::VaultLimit(vault, limit) => state::Proposal::VaultLimit {
                vault: places.vault(vault),
                limit: Units::new(limit),
            },
        };
        ix::schedule_change(places.currency, index, self.at(by), self.at(by), proposal)
    }

    pub(super) fn execute_change(&self, label: u32, by: Option<Who>) -> Instruction {
        let mut execute = ix::execute_change(&self.change(label));
        // The client has a new authority sign.
        if by.is_none() {
            for meta in &mut execute.accounts {
                meta.is_signer = false;
            }
        }
        execute
    }

    pub(super) fn cancel_change(&self, label: u32, by: Who) -> Instruction {
        ix::cancel_change(&self.change(label), self.at(by))
    }

    /// A change as the chain has it; one that names nothing, where there is none.
    fn change(&self, label: u32) -> state::Change {
        let index = self
            .before
            .changes
            .get(&label)
            .map_or(u64::MAX, |change| change.index);
        let at = address::change(&self.places.currency, index);
        let missing = || state::Change {
            currency: self.places.currency,
            index: Sequence::new(index),
            rent_payer: self.at(Who::Authority(0)),
            ..bytemuck::Zeroable::zeroed()
        };
        self.read(&at).unwrap_or_else(missing)
    }

    /// An account of the program, if it is there.
    pub(super) fn read<T: specie_client::account::SpecieAccount>(&self, at: &Pubkey) -> Option<T> {
        let account = self.world.chain.account(at)?;
        T::decode(&account.owner, &account.data).ok()
    }
}
