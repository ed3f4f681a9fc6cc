//! The wide-check program, built for both versions of sBPF and run in the SVM, against the host.

use std::path::{Path, PathBuf};

use litesvm::LiteSVM;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sbf::{
    Arch,
    build::{Request, Workspace, build},
};
use sbf_wide_check::{
    ARITHMETIC, MEMORY, answer,
    arithmetic::{OPERATIONS, QUESTION},
    memory::{COMMAND, KINDS, SCRATCH},
};
use solana_account::Account;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_message::Message;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use solana_transaction::Transaction;

/// Operand pairs in one transaction: as many as its compute units allow for the costliest operation.
const PAIRS: usize = 1_000;
/// Transactions for each operation.
const BATCHES: usize = 3;

fn workspace() -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this package is two folders deep");
    Workspace {
        root: root.to_path_buf(),
        linker: PathBuf::from(env!("CARGO_BIN_EXE_sbf-link")),
    }
}

/// An SVM that holds the program, and one account for its questions.
struct World {
    svm: LiteSVM,
    program: Pubkey,
    payer: Keypair,
    questions: Pubkey,
}

impl World {
    fn new(arch: Arch) -> Self {
        let out = tempfile::tempdir().expect("a temporary folder");
        let request = Request {
            arch,
            out: Some(out.path().to_path_buf()),
            ..Request::new("sbf-wide-check")
        };
        let path = build(&workspace(), &request).expect("the program builds");
        let (program, payer) = (Pubkey::new_unique(), Keypair::new());
        let mut svm = LiteSVM::new();
        svm.add_program(program, &std::fs::read(path).expect("the program is there"))
            .expect("the program loads");
        svm.airdrop(&payer.pubkey(), 1_000_000_000)
            .expect("an airdrop");
        Self {
            svm,
            program,
            payer,
            questions: Pubkey::new_unique(),
        }
    }

    /// The program's answers, and the compute units they cost.
    fn ask(&mut self, kind: u8, operation: u8, questions: &[u8]) -> (Vec<u8>, u64) {
        let account = Account {
            lamports: 1_000_000_000,
            data: questions.to_vec(),
            owner: self.program,
            ..Account::default()
        };
        self.svm
            .set_account(self.questions, account)
            .expect("the account is valid");
        let instructions = [
            ComputeBudgetInstruction::set_compute_unit_limit(1_400_000),
            Instruction::new_with_bytes(
                self.program,
                &[kind, operation],
                vec![AccountMeta::new(self.questions, false)],
            ),
        ];
        let message = Message::new(&instructions, Some(&self.payer.pubkey()));
        self.svm.expire_blockhash();
        let transaction = Transaction::new(&[&self.payer], message, self.svm.latest_blockhash());
        let meta = self
            .svm
            .send_transaction(transaction)
            .unwrap_or_else(|failed| {
                panic!(
                    "kind {kind}, operation {operation}: {:?}\n{}",
                    failed.err,
                    failed.meta.logs.join("\n")
                )
            });
        let answers = self
            .svm
            .get_account(&self.questions)
            .expect("the account is there")
            .data;
        (answers, meta.compute_units_consumed)
    }
}

/// Operands of every magnitude, and the edges among them.
fn operand(random: &mut StdRng) -> u128 {
    const EDGES: [u128; 12] = [
        0,
        1,
        2,
        10_000,
        1 << 32,
        u64::MAX as u128,
        1 << 64,
        1 << 127,
        (1 << 127) - 1,
        u128::MAX,
        u128::MAX - 1,
        1 << 96,
    ];
    match random.random_range(0..8) {
        0 => *EDGES.choose(random).expect("there are edges"),
        1 => random.random::<u128>() | (u128::MAX << random.random_range(0..128)),
        _ => random.random::<u128>() >> random.random_range(0..128),
    }
}

fn arithmetic_agrees(arch: Arch) {
    let mut world = World::new(arch);
    let mut random = StdRng::seed_from_u64(7);
    for (operation, name) in (0u8..).zip(OPERATIONS) {
        let mut units = 0;
        for _ in 0..BATCHES {
            let mut questions = vec![0; PAIRS * QUESTION];
            for question in questions.chunks_exact_mut(QUESTION) {
                question[..16].copy_from_slice(&operand(&mut random).to_le_bytes());
                question[16..32].copy_from_slice(&operand(&mut random).to_le_bytes());
            }
            let (answers, consumed) = world.ask(ARITHMETIC, operation, &questions);
            units += consumed;
            answer(ARITHMETIC, operation, &mut questions);
            assert_eq!(answers.len(), questions.len());
            for (svm, host) in answers
                .chunks_exact(QUESTION)
                .zip(questions.chunks_exact(QUESTION))
            {
                assert_eq!(
                    hex::encode(svm),
                    hex::encode(host),
                    "{name}, sBPF {arch}: a, b, value, flag"
                );
            }
        }
        println!(
            "sBPF {arch}: {name}: {} CU each",
            units / (PAIRS * BATCHES) as u64
        );
    }
}

fn memory_agrees(arch: Arch) {
    let mut world = World::new(arch);
    let half = SCRATCH / 2;
    let mut random = StdRng::seed_from_u64(11);
    // (target, source): aligned, misaligned, the same, overlapping by little and by much, in both directions.
    let places = [
        (0, 0),
        (3, 0),
        (0, 5),
        (8, 16),
        (17, 16),
        (16, 17),
        (40, 1),
        (1, 40),
        (7, 7),
    ];
    let mut commands = Vec::new();
    for kind in 0..KINDS.len() as u16 {
        for length in 0..=300u16 {
            for (to, from) in places {
                commands.push([kind, to, from, length]);
            }
        }
    }
    for batch in commands.chunks(1_000) {
        let mut questions: Vec<u8> = (0..SCRATCH).map(|_| random.random_range(0..3)).collect();
        // Equal halves, so that comparisons find their difference late.
        questions.copy_within(0..half, half);
        for command in batch {
            questions.extend(command.iter().flat_map(|number| number.to_le_bytes()));
            questions.extend([0; COMMAND - 8]);
        }
        let (answers, _) = world.ask(MEMORY, 0, &questions);
        answer(MEMORY, 0, &mut questions);
        for ((svm, host), command) in answers[SCRATCH..]
            .chunks_exact(COMMAND)
            .zip(questions[SCRATCH..].chunks_exact(COMMAND))
            .zip(batch)
        {
            let [kind, to, from, length] = command;
            let name = KINDS[usize::from(*kind)];
            assert_eq!(
                svm, host,
                "{name} of {length} bytes from {from} to {to}, sBPF {arch}"
            );
        }
        assert_eq!(
            answers[..SCRATCH],
            questions[..SCRATCH],
            "the scratch area after a batch, sBPF {arch}"
        );
    }
}

#[test]
fn arithmetic_agrees_with_the_host_on_v3() {
    arithmetic_agrees(Arch::V3);
}

#[test]
fn arithmetic_agrees_with_the_host_on_v0() {
    arithmetic_agrees(Arch::V0);
}

#[test]
fn memory_agrees_with_the_host_on_v3() {
    memory_agrees(Arch::V3);
}

#[test]
fn memory_agrees_with_the_host_on_v0() {
    memory_agrees(Arch::V0);
}
