//! The chain: the built program and the real SPL Token program in an SVM that checks every signature.

use {
    super::{Call, Outcome, Party},
    litesvm::LiteSVM,
    solana_account::Account,
    solana_clock::Clock,
    solana_instruction::{Instruction, error::InstructionError},
    solana_message::Message,
    solana_pubkey::Pubkey,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
    std::{
        collections::BTreeMap,
        fs,
        path::{Path, PathBuf},
        sync::OnceLock,
    },
};

/// When every chain begins, in Unix seconds.
pub const GENESIS: i64 = 1_800_000_000;
const SOL: u64 = 1_000_000_000;
/// Slots of a second, at 400 ms each.
const SLOTS_NUMERATOR: i64 = 5;
const SLOTS_DENOMINATOR: i64 = 2;

/// Where the built program is: `SPECIE_PROGRAM`, or where `cargo xtask build` puts it.
pub fn program_path() -> PathBuf {
    std::env::var_os("SPECIE_PROGRAM").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/deploy/specie.so"),
        PathBuf::from,
    )
}

/// The built program's bytes.
pub fn program_bytes() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let path = program_path();
        fs::read(&path).unwrap_or_else(|error| {
            panic!(
                "the built program is missing at {} ({error}): run `cargo xtask build`",
                path.display()
            )
        })
    })
}

/// A chain on which only the program is deployed.
fn fresh() -> LiteSVM {
    static FRESH: OnceLock<LiteSVM> = OnceLock::new();
    FRESH
        .get_or_init(|| {
            let mut svm = LiteSVM::new().with_log_bytes_limit(None);
            assert!(svm.get_sigverify() && svm.get_blockhash_check());
            svm.add_program(specie::ID, program_bytes())
                .expect("the built program loads");
            let mut clock = svm.get_sysvar::<Clock>();
            clock.unix_timestamp = GENESIS;
            svm.set_sysvar(&clock);
            svm
        })
        .clone()
}

/// A chain, and who pays its fees.
#[derive(Clone)]
pub struct Chain {
    /// The SVM.
    pub svm: LiteSVM,
    fee_payer: Party,
}

impl Chain {
    /// A chain on which only the program is deployed.
    pub fn new(seed: u64) -> Self {
        let mut chain = Self {
            svm: fresh(),
            fee_payer: Party::named(seed, "fee payer"),
        };
        let fee_payer = chain.fee_payer.address();
        chain.fund(&fee_payer);
        chain
    }

    /// Who pays every transaction's fee, and nothing else.
    pub fn fee_payer(&self) -> &Party {
        &self.fee_payer
    }

    /// Gives an address lamports enough for anything.
    pub fn fund(&mut self, address: &Pubkey) {
        self.svm
            .airdrop(address, 1_000 * SOL)
            .expect("an airdrop of lamports");
    }

    /// The chain's time in Unix seconds.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Lets time pass, in seconds, and the slots that fit into it.
    pub fn warp(&mut self, seconds: i64) {
        assert!(seconds >= 0, "time does not run backwards");
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.unix_timestamp += seconds;
        clock.slot += (seconds * SLOTS_NUMERATOR / SLOTS_DENOMINATOR).max(1) as u64;
        let schedule = self
            .svm
            .get_sysvar::<solana_epoch_schedule::EpochSchedule>();
        clock.epoch = schedule.get_epoch(clock.slot);
        clock.leader_schedule_epoch = schedule.get_leader_schedule_epoch(clock.slot);
        self.svm.set_sysvar(&clock);
        self.svm.expire_blockhash();
    }

    /// Lets time pass until a Unix time.
    pub fn warp_to(&mut self, time: i64) {
        self.warp(time - self.now());
    }

    /// An account, `None` where there is none.
    pub fn account(&self, address: &Pubkey) -> Option<Account> {
        let account = self.svm.get_account(address)?;
        (account.lamports > 0 || !account.data.is_empty()).then_some(account)
    }

    /// Writes an account past every program, for states that no instruction leads to.
    pub fn put(&mut self, address: &Pubkey, account: Account) {
        self.svm
            .set_account(*address, account)
            .expect("an account that the SVM accepts");
    }

    /// Changes an account's bytes past every program.
    pub fn edit(&mut self, address: &Pubkey, change: impl FnOnce(&mut Account)) {
        let mut account = self.account(address).expect("an account to change");
        change(&mut account);
        self.put(address, account);
    }

    /// Lamports of an address.
    pub fn lamports(&self, address: &Pubkey) -> u64 {
        self.svm.get_balance(address).unwrap_or(0)
    }

    /// Rent exemption of an account of so many bytes, in lamports.
    pub fn rent(&self, len: usize) -> u64 {
        self.svm.minimum_balance_for_rent_exemption(len)
    }

    /// The same before [`Chain::raise_rent`].
    pub fn rent_at_first(len: usize) -> u64 {
        static EMPTY: OnceLock<u64> = OnceLock::new();
        // The runtime counts 128 bytes beside an account's data.
        let empty = EMPTY.get_or_init(|| fresh().minimum_balance_for_rent_exemption(0));
        empty / 128 * (128 + len as u64)
    }

    /// The cluster asks for this many per cent more lamports for each byte of every account, from now on.
    pub fn raise_rent(&mut self, percent: u64) {
        self.edit(&solana_sdk_ids::sysvar::rent::ID, |account| {
            // Lamports for a byte stand first.
            let (per_byte, _) = account.data.split_first_chunk_mut::<8>().expect("a rent");
            let lamports = u64::from_le_bytes(*per_byte);
            *per_byte = (lamports + lamports * percent / 100).to_le_bytes();
        });
    }

    /// A transaction as it would be sent, with a fresh blockhash.
    pub fn transaction(&mut self, call: &Call) -> Transaction {
        self.svm.expire_blockhash();
        let mut signers = vec![self.fee_payer.keypair()];
        for signer in &call.signers {
            if !signers.iter().any(|s| s.pubkey() == signer.address()) {
                signers.push(signer.keypair());
            }
        }
        Transaction::new_signed_with_payer(
            &call.instructions,
            Some(&self.fee_payer.address()),
            &signers,
            self.svm.latest_blockhash(),
        )
    }

    /// Sends a transaction.
    pub fn send(&mut self, call: &Call) -> Outcome {
        let transaction = self.transaction(call);
        self.send_transaction(transaction)
    }

    /// Sends a transaction that was put together elsewhere.
    pub fn send_transaction(
        &mut self,
        transaction: impl Into<solana_transaction::versioned::VersionedTransaction>,
    ) -> Outcome {
        let (error, meta) = match self.svm.send_transaction(transaction) {
            Ok(meta) => (None, meta),
            Err(failed) => (Some(failed.err), failed.meta),
        };
        Outcome::new(error, meta.logs, meta.compute_units_consumed)
    }

    /// Stops the chain from checking the signatures of transactions, from remembering them and from keeping logs: what
    /// costs most where thousands are sent. Messages' signatures are checked by the Ed25519 program all the same.
    pub fn trust_senders(&mut self) {
        self.svm = std::mem::take(&mut self.svm)
            .with_sigverify(false)
            .with_blockhash_check(false)
            .with_transaction_history(0)
            .with_log_bytes_limit(Some(0));
    }

    /// Sends a transaction that nobody signed, on a chain that trusts its senders.
    pub fn send_unsigned(&mut self, instructions: &[Instruction]) -> Result<(), TransactionError> {
        let message = Message::new(instructions, Some(&self.fee_payer.address()));
        let signatures = vec![Signature::default(); message.header.num_required_signatures.into()];
        let transaction = Transaction {
            signatures,
            message,
        };
        match self.svm.send_transaction(transaction) {
            Ok(_) => Ok(()),
            Err(failed) => Err(failed.err),
        }
    }

    /// Every account that the instructions name, as it is now.
    pub fn named(&self, instructions: &[Instruction]) -> BTreeMap<Pubkey, Option<Account>> {
        instructions
            .iter()
            .flat_map(|instruction| &instruction.accounts)
            .map(|meta| (meta.pubkey, self.account(&meta.pubkey)))
            .collect()
    }

    /// Sends a transaction that must fail at an instruction with an error, and change nothing but the fee payer's
    /// lamports.
    #[track_caller]
    pub fn assert_refused(&mut self, call: &Call, at: usize, error: InstructionError) -> Outcome {
        let before = self.named(&call.instructions);
        let outcome = self.send(call);
        assert_eq!(
            outcome.error,
            Some(TransactionError::InstructionError(at as u8, error)),
            "\n{}",
            outcome.logs.join("\n")
        );
        let after = self.named(&call.instructions);
        assert!(before == after, "a refused transaction changed an account");
        outcome
    }
}
