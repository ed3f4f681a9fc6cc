//! A transaction before it is sent: its instructions and who signs, open to tampering.

use {super::Party, solana_instruction::Instruction, solana_pubkey::Pubkey};

/// Instructions and their signers. The fee payer is the chain's own and never among them.
#[derive(Clone)]
pub struct Call {
    /// The instructions, in order.
    pub instructions: Vec<Instruction>,
    /// Who signs.
    pub signers: Vec<Party>,
}

impl Call {
    /// A transaction of these instructions.
    pub fn new(instructions: impl Into<Vec<Instruction>>, signers: &[&Party]) -> Self {
        Self {
            instructions: instructions.into(),
            signers: signers.iter().map(|party| (*party).clone()).collect(),
        }
    }

    /// The program's instruction: the last one.
    pub fn ours(&mut self) -> &mut Instruction {
        self.instructions.last_mut().expect("an instruction")
    }

    /// The program's instruction, to read.
    pub fn ours_ref(&self) -> &Instruction {
        self.instructions.last().expect("an instruction")
    }

    /// Replaces an address wherever the last instruction names it.
    pub fn replacing(mut self, old: Pubkey, new: Pubkey) -> Self {
        let mut found = false;
        for meta in &mut self.ours().accounts {
            if meta.pubkey == old {
                meta.pubkey = new;
                found = true;
            }
        }
        assert!(found, "the instruction does not name {old}");
        self
    }

    /// Replaces the account at a position of the last instruction.
    pub fn at(mut self, position: usize, address: Pubkey) -> Self {
        self.ours().accounts[position].pubkey = address;
        self
    }

    /// Puts somebody else in a signer's place.
    pub fn signed_by(self, instead_of: &Party, party: &Party) -> Self {
        let mut call = self.replacing(instead_of.address(), party.address());
        call.signers
            .retain(|signer| signer.address() != instead_of.address());
        call.signers.push(party.clone());
        call
    }

    /// Leaves out a signature, and says so in the last instruction.
    pub fn unsigned(mut self, party: &Party) -> Self {
        let address = party.address();
        let metas = self.ours().accounts.iter_mut();
        for meta in metas.filter(|meta| meta.pubkey == address) {
            meta.is_signer = false;
        }
        self.signers.retain(|signer| signer.address() != address);
        self
    }

    /// Both in one transaction.
    pub fn then(mut self, next: Call) -> Self {
        self.instructions.extend(next.instructions);
        self.signers.extend(next.signers);
        self
    }
}
