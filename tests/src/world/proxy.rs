//! A program that calls another on behalf of whoever calls it: how a program is reached from within a transaction.

use {
    super::{Call, Chain},
    solana_instruction::{AccountMeta, Instruction},
    solana_program_runtime::{
        declare_process_instruction, solana_sbpf::program::BuiltinFunctionDefinition,
    },
    solana_pubkey::Pubkey,
};

/// The proxy's address.
pub const PROXY: Pubkey = Pubkey::from_str_const("Proxy11111111111111111111111111111111111111");

// Its first account is the program to call, the rest that program's accounts, and its data that program's data. Without
// an account it does nothing, whatever its data.
declare_process_instruction!(Proxy, 1, |invoke_context| {
    let context = &invoke_context.transaction_context;
    let current = context.get_current_instruction_context()?;
    let count = current.get_number_of_instruction_accounts();
    if count == 0 {
        return Ok(());
    }
    let mut accounts = Vec::new();
    for i in 1..count {
        accounts.push(AccountMeta {
            pubkey: *current.get_key_of_instruction_account(i)?,
            is_signer: current.is_instruction_account_signer(i)?,
            is_writable: current.is_instruction_account_writable(i)?,
        });
    }
    let instruction = Instruction {
        program_id: *current.get_key_of_instruction_account(0)?,
        accounts,
        data: current.get_instruction_data().to_vec(),
    };
    invoke_context.native_invoke_signed(instruction, &[])
});

impl Chain {
    /// Adds the proxy.
    pub fn add_proxy(&mut self) {
        self.svm.add_builtin(PROXY, Proxy::register);
    }
}

impl Call {
    /// The same, but that the last instruction is called by the proxy.
    pub fn by_proxy(mut self) -> Self {
        let ours = self.ours();
        let callee = AccountMeta::new_readonly(ours.program_id, false);
        ours.accounts.insert(0, callee);
        ours.program_id = PROXY;
        self
    }

    /// Puts bytes that no program reads at a position of the transaction.
    pub fn carrying(mut self, position: usize, data: Vec<u8>) -> Self {
        let carrier = Instruction {
            program_id: PROXY,
            accounts: Vec::new(),
            data,
        };
        self.instructions.insert(position, carrier);
        self
    }
}
