//! What a message's instructions do, as the program's own interface says it: names, accounts by role, arguments.

use super::report::{Fields, Value};
use anchor_lang_idl::types::{
    Idl, IdlArrayLen, IdlDefinedFields, IdlField, IdlInstruction, IdlInstructionAccountItem,
    IdlType, IdlTypeDefTy,
};
use solana_pubkey::Pubkey;
use solana_sdk_ids::{compute_budget, ed25519_program, system_program};
use solana_transaction::{CompiledInstruction, Message};
use specie_client::{
    PROGRAM_ID,
    address::{ASSOCIATED_TOKEN_PROGRAM, TOKEN_PROGRAM},
};
use std::{collections::HashSet, sync::LazyLock};

static IDL: LazyLock<Idl> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../idl/specie.json"))
        .expect("idl/specie.json is generated, and a test reads it")
});

/// A program's address and name, and its instructions by the tag that their data begins with: four bytes in the System
/// program, and one elsewhere.
type OtherProgram = (Pubkey, &'static str, &'static [(u32, &'static str)]);

/// Programs that stand beside ours in a transaction.
const OTHERS: &[OtherProgram] = &[
    (
        system_program::ID,
        "system",
        &[
            (0, "create_account"),
            (2, "transfer"),
            (4, "advance_nonce_account"),
        ],
    ),
    (
        compute_budget::ID,
        "compute_budget",
        &[
            (2, "set_compute_unit_limit"),
            (3, "set_compute_unit_price"),
            (4, "set_loaded_accounts_data_size_limit"),
        ],
    ),
    (
        TOKEN_PROGRAM,
        "token",
        &[
            (3, "transfer"),
            (9, "close_account"),
            (12, "transfer_checked"),
            (20, "initialize_mint2"),
        ],
    ),
    (
        ASSOCIATED_TOKEN_PROGRAM,
        "associated_token",
        &[(0, "create"), (1, "create_idempotent")],
    ),
    (ed25519_program::ID, "ed25519", &[]),
];

/// One entry for each instruction of a message, in order.
pub(super) fn describe(message: &Message) -> Vec<Fields> {
    let instructions = message.instructions.iter();
    instructions.map(|one| instruction(message, one)).collect()
}

fn instruction(message: &Message, one: &CompiledInstruction) -> Fields {
    let keys: Vec<Account> = one
        .accounts
        .iter()
        .map(|index| Account::of(message, usize::from(*index)))
        .collect();
    let program = Account::of(message, usize::from(one.program_id_index)).address;
    if program == Some(PROGRAM_ID)
        && let Some(known) = known(&one.data)
    {
        return own(known, &keys, &one.data);
    }
    let (named, instruction) = match program.and_then(|program| other(&program, &one.data)) {
        Some((program, name)) => (
            Value::text(program),
            name.map_or(Value::Nothing, Value::text),
        ),
        None => (program.map_or(Value::Nothing, Value::text), Value::Nothing),
    };
    let accounts = keys.iter().map(|account| account.fields("account"));
    Fields::default()
        .with("program", "Program", named)
        .with("instruction", "Instruction", instruction)
        .with("accounts", "Accounts", Value::List(accounts.collect()))
        .with("arguments", "Arguments", Value::List(vec![]))
}

/// The program's instruction that data are for.
fn known(data: &[u8]) -> Option<&'static IdlInstruction> {
    let mut all = IDL.instructions.iter();
    all.find(|known| data.starts_with(&known.discriminator))
}

fn own(known: &'static IdlInstruction, keys: &[Account], data: &[u8]) -> Fields {
    let roles = known.accounts.iter().filter_map(|item| match item {
        IdlInstructionAccountItem::Single(account) => Some(account),
        IdlInstructionAccountItem::Composite(_) => None,
    });
    // The program takes more accounts of the last instructions than they name: receipts' vouchers, for example.
    let roles = roles
        .map(|role| role.name.as_str())
        .chain(std::iter::repeat("further account"));
    let accounts = keys.iter().zip(roles);
    let accounts = accounts.map(|(account, role)| account.fields(role));
    let mut rest = &data[known.discriminator.len()..];
    let arguments = of_fields(&known.args, &mut rest);
    let arguments = match (arguments, rest) {
        (Some(arguments), []) => arguments,
        _ => vec![argument("data".into(), Value::text(hex::encode(data)))],
    };
    Fields::default()
        .with("program", "Program", Value::text("specie"))
        .with("instruction", "Instruction", Value::text(&known.name))
        .with("accounts", "Accounts", Value::List(accounts.collect()))
        .with("arguments", "Arguments", Value::List(arguments))
}

/// The name of a program that stands beside ours, and of its instruction.
fn other(program: &Pubkey, data: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    let (id, name, instructions) = OTHERS.iter().find(|(id, ..)| id == program)?;
    let tag = match *id {
        system_program::ID => data.get(..4)?.try_into().map(u32::from_le_bytes).ok(),
        // An empty instruction creates an associated account, too.
        _ => Some(data.first().copied().unwrap_or(0).into()),
    };
    let found = instructions.iter().find(|(known, _)| Some(*known) == tag);
    Some((name, found.map(|(_, name)| *name)))
}

/// An account that an instruction names.
struct Account {
    /// Nothing where the message has no such account.
    address: Option<Pubkey>,
    signs: bool,
    writable: bool,
}

impl Account {
    fn of(message: &Message, index: usize) -> Self {
        Self {
            address: message.account_keys.get(index).copied(),
            signs: message.is_signer(index),
            writable: message
                .is_maybe_writable_with_reserved_addresses(index, None::<&HashSet<Pubkey>>),
        }
    }

    fn fields(&self, role: &str) -> Fields {
        let mut flags = vec![];
        flags.extend(self.signs.then_some("signs"));
        flags.extend(self.writable.then_some("written"));
        let address = match self.address {
            // How an optional account is left out.
            Some(address) if address == PROGRAM_ID => Value::Absent("left out"),
            Some(address) => Value::Address(address),
            None => Value::Nothing,
        };
        Fields::default()
            .with("role", "Role", Value::text(role))
            .with("address", "Address", address)
            .with(
                "access",
                "Access",
                Value::Names(flags.into_iter().map(String::from).collect()),
            )
    }
}

fn argument(name: String, value: Value) -> Fields {
    Fields::default()
        .with("name", "Name", Value::Text(name))
        .with("value", "Value", value)
}

/// Every argument by its name; those within another have its name before theirs.
fn of_fields(fields: &[IdlField], data: &mut &[u8]) -> Option<Vec<Fields>> {
    let mut arguments = vec![];
    for field in fields {
        of_type(&field.name, &field.ty, data, &mut arguments)?;
    }
    Some(arguments)
}

/// Reads a value of a type, and adds what it consists of.
fn of_type(name: &str, ty: &IdlType, data: &mut &[u8], into: &mut Vec<Fields>) -> Option<()> {
    let value = match ty {
        IdlType::U8 => Value::Number(byte(data)?.into()),
        IdlType::U32 => Value::Number(u32::from_le_bytes(take(data)?).into()),
        IdlType::U64 => Value::Number(u64::from_le_bytes(take(data)?)),
        IdlType::Bool => Value::Flag(byte(data)? != 0),
        IdlType::Pubkey => Value::Address(take(data)?.into()),
        // A key, or a cluster's genesis hash: both are written in base58.
        IdlType::Array(inner, IdlArrayLen::Value(32)) if **inner == IdlType::U8 => {
            Value::Address(take(data)?.into())
        }
        IdlType::Option(inner) => match byte(data)? {
            0 => Value::Absent("unchanged"),
            1 => return of_type(name, inner, data, into),
            _ => return None,
        },
        IdlType::Vec(inner) => {
            for _ in 0..u32::from_le_bytes(take(data)?) {
                of_type(name, inner, data, into)?;
            }
            return Some(());
        }
        IdlType::Defined { name: defined, .. } => match measured(defined, data) {
            Some(value) => value,
            None => return of_defined(name, defined, data, into),
        },
        _ => return None,
    };
    into.push(argument(name.into(), value));
    Some(())
}

/// A number with its unit, by the name of its type.
fn measured(defined: &str, data: &mut &[u8]) -> Option<Value> {
    let mut number = || take(data).map(u64::from_le_bytes);
    Some(match defined {
        "Tokens" | "Units" => Value::scu(number()?),
        "Quote" | "Price" => Value::BaseUnits(number()?),
        "LamportAmount" => Value::sol(number()?),
        "WorkPerScu" | "Work" => Value::Work(number()?.into()),
        "Rate" => Value::Rate(number()?),
        "Timestamp" => Value::Time(take(data).map(i64::from_le_bytes)?),
        "Seconds" => Value::Duration(u32::from_le_bytes(take(data)?).into()),
        "Bps" => Value::Share(u32::from_le_bytes(take(data)?).into()),
        _ => return None,
    })
}

fn of_defined(name: &str, defined: &str, data: &mut &[u8], into: &mut Vec<Fields>) -> Option<()> {
    let definition = IDL.types.iter().find(|known| known.name == defined)?;
    match &definition.ty {
        IdlTypeDefTy::Type { alias } => of_type(name, alias, data, into),
        IdlTypeDefTy::Struct { fields } => of_group(name, fields.as_ref(), data, into),
        IdlTypeDefTy::Enum { variants } => {
            let variant = variants.get(usize::from(byte(data)?))?;
            into.push(argument(name.into(), Value::text(&variant.name)));
            of_group(name, variant.fields.as_ref(), data, into)
        }
    }
}

fn of_group(
    name: &str,
    fields: Option<&IdlDefinedFields>,
    data: &mut &[u8],
    into: &mut Vec<Fields>,
) -> Option<()> {
    match fields {
        None => Some(()),
        Some(IdlDefinedFields::Named(fields)) => fields.iter().try_for_each(|field| {
            of_type(&format!("{name}.{}", field.name), &field.ty, data, into)
        }),
        Some(IdlDefinedFields::Tuple(types)) => types
            .iter()
            .try_for_each(|ty| of_type(name, ty, data, into)),
    }
}

fn byte(data: &mut &[u8]) -> Option<u8> {
    take::<1>(data).map(|[byte]| byte)
}

fn take<const N: usize>(data: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = data.split_first_chunk::<N>()?;
    *data = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_instruction::Instruction;
    use specie::instructions::OpenVaultArgs;
    use specie_client::{
        address, instruction,
        state::{Class, Params, Proposal},
        units::Units,
    };

    fn described(instruction: &Instruction) -> serde_json::Value {
        let message = Message::new(std::slice::from_ref(instruction), None);
        serde_json::to_value(&describe(&message)[0]).unwrap()
    }

    fn argument<'a>(described: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
        let arguments = described["arguments"].as_array().unwrap();
        let found = arguments.iter().find(|one| one["name"] == name);
        &found.unwrap_or_else(|| panic!("no {name} in {described:#}"))["value"]
    }

    #[test]
    fn an_instruction_is_told_with_roles_and_arguments() {
        let [mint, vault, owner, session] = [(); 4].map(|()| Pubkey::new_unique());
        let told = described(&instruction::redeem(&instruction::Redeem {
            mint,
            vault,
            owner,
            session,
            rent_payer: owner,
            tokens: 1_500_000,
            class: Class::Inference,
        }));
        assert_eq!(told["program"], "specie");
        assert_eq!(told["instruction"], "redeem");
        assert_eq!(argument(&told, "tokens")["uiAmountString"], "1.5");
        assert_eq!(argument(&told, "class"), 1);
        let accounts = told["accounts"].as_array().unwrap();
        let of = |role: &str| accounts.iter().find(|one| one["role"] == role).unwrap();
        assert_eq!(of("owner")["address"], owner.to_string());
        assert_eq!(of("session")["access"][0], "signs");
        assert_eq!(
            of("voucher")["address"],
            address::voucher(&vault, &session).to_string()
        );
    }

    #[test]
    fn arguments_within_arguments_are_told() {
        let [currency, mint, vendor, authority] = [(); 4].map(|()| Pubkey::new_unique());
        let open = instruction::OpenVault {
            currency,
            collateral_mint: mint,
            payer: vendor,
            vendor,
            authority,
            payout: vendor,
        };
        let args = OpenVaultArgs {
            issuer: vendor,
            operator: authority,
            limit: Units::new(7_000_000),
            classes: 3,
        };
        let told = described(&instruction::open_vault(&open, args));
        assert_eq!(argument(&told, "args.limit")["uiAmountString"], "7");
        assert_eq!(argument(&told, "args.operator"), &authority.to_string());
    }

    #[test]
    fn a_change_is_told_by_its_kind() {
        let [currency, authority] = [(); 2].map(|()| Pubkey::new_unique());
        let told = |proposal| {
            described(&instruction::schedule_change(
                currency, 0, authority, authority, proposal,
            ))
        };
        let quorum = told(Proposal::Quorum {
            threshold: 2,
            keys: vec![[1; 32], [2; 32]],
        });
        assert_eq!(argument(&quorum, "proposal"), "Quorum");
        assert_eq!(argument(&quorum, "proposal.threshold"), 2);
        assert_eq!(
            argument(&quorum, "proposal.keys"),
            &Pubkey::new_from_array([1; 32]).to_string()
        );
        let rules = told(Proposal::Params(Params::default()));
        assert_eq!(argument(&rules, "proposal.fee"), 30);
    }

    #[test]
    fn every_instruction_of_the_interface_has_a_name_and_roles() {
        for known in &IDL.instructions {
            let data = &known.discriminator;
            assert_eq!(
                self::known(data).map(|found| &found.name),
                Some(&known.name)
            );
            assert!(!known.accounts.is_empty(), "{}", known.name);
        }
        assert_eq!(IDL.address, PROGRAM_ID.to_string());
    }
}
