//! Refuses what is left after the passes and the code generator could only get wrong.

use std::collections::BTreeSet;

use crate::{
    llvm::{Function, Instruction, Module, Opcode, Type, TypeKind},
    passes::{
        ARGUMENT_SLOTS,
        arguments::{call_slots, too_long},
    },
};

/// How `sbf-builtins` names its operations.
pub(crate) const BUILTIN_PREFIX: &str = "__sbf_";

/// What the backend may call by itself, and `sbf-builtins` defines.
pub(crate) const MEMORY_FUNCTIONS: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];

/// Intrinsics that the backend lowers rightly at 128 bits: each is exercised by the wide-check program.
const WIDE_INTRINSICS: [&str; 18] = [
    "llvm.abs.",
    "llvm.assume",
    "llvm.bswap.",
    "llvm.ctlz.",
    "llvm.ctpop.",
    "llvm.cttz.",
    "llvm.sadd.with.overflow.",
    "llvm.scmp.",
    "llvm.smax.",
    "llvm.smin.",
    "llvm.ssub.with.overflow.",
    "llvm.uadd.with.overflow.",
    "llvm.uadd.sat.",
    "llvm.ucmp.",
    "llvm.umax.",
    "llvm.umin.",
    "llvm.usub.sat.",
    "llvm.usub.with.overflow.",
];

/// Every reason why this module must not become a program, in sentences that name the function.
pub(crate) fn refusals(module: &Module<'_>) -> Vec<String> {
    let mut reasons = BTreeSet::new();
    for function in too_long(module) {
        reasons.insert(format!(
            "{} takes {} argument slots after optimisation and could not be inlined; the SVM passes {ARGUMENT_SLOTS}. \
             Pass a struct by reference, and look for recursion or a function pointer.",
            function.plain_name(),
            call_slots(function.signature()),
        ));
    }
    for function in module.functions() {
        if function.is_declaration() && !function.is_intrinsic() && !is_syscall(&function.name()) {
            let callers = callers(module, function);
            if !callers.is_empty() {
                reasons.insert(format!(
                    "{} is called by {} and nothing defines it; a program can call its own functions and syscalls (`sol_…`).",
                    function.plain_name(),
                    callers.join(", "),
                ));
            }
        }
        for instruction in function.instructions() {
            if let Some(reason) = refusal(instruction) {
                reasons.insert(format!("{}: {reason}", function.plain_name()));
            }
        }
    }
    reasons.into_iter().collect()
}

fn is_syscall(name: &str) -> bool {
    name.starts_with("sol_") || name == "abort" || MEMORY_FUNCTIONS.contains(&name)
}

fn callers(module: &Module<'_>, callee: Function<'_>) -> Vec<String> {
    let calls = |function: &Function<'_>| {
        function
            .instructions()
            .iter()
            .any(|instruction| instruction.operands().contains(&callee.as_value()))
    };
    module
        .functions()
        .into_iter()
        .filter(calls)
        .map(Function::plain_name)
        .collect()
}

fn refusal(instruction: Instruction<'_>) -> Option<String> {
    let text = || instruction.text();
    match instruction.opcode() {
        Opcode::LLVMCall | Opcode::LLVMInvoke => return refused_call(instruction),
        Opcode::LLVMAlloca if !instruction.is_fixed_alloca() => {
            return Some(
                "its stack frame has no fixed size; allocate on the heap or bound the length"
                    .to_owned(),
            );
        }
        Opcode::LLVMAtomicCmpXchg | Opcode::LLVMAtomicRMW => {
            return Some(format!(
                "`{}` is an atomic operation; the SVM has one thread, use a plain value",
                text()
            ));
        }
        _ => {}
    }
    let widest = widest(instruction);
    if widest > 128 {
        return Some(format!(
            "`{}` works on integers of {widest} bits; the longest supported is 128",
            text()
        ));
    }
    if widest > 64 && !is_lowered_rightly(instruction) {
        return Some(format!(
            "`{}` has no replacement in sbf-builtins; add one to tools/sbf, or write it with 64-bit integers",
            text()
        ));
    }
    let divides_signed = matches!(instruction.opcode(), Opcode::LLVMSDiv | Opcode::LLVMSRem);
    if divides_signed {
        return Some(format!(
            "`{}` is a signed division that was not replaced; divide magnitudes",
            text()
        ));
    }
    let floats = std::iter::once(instruction.ty()).chain(
        instruction
            .operands()
            .into_iter()
            .map(|operand| operand.ty()),
    );
    if floats.into_iter().any(is_float) {
        return Some(format!(
            "`{}` uses floating point, which the SVM has not; use fixed-point integers",
            text()
        ));
    }
    None
}

fn refused_call(call: Instruction<'_>) -> Option<String> {
    let callee = call.callee();
    let name = callee.map(Function::name).unwrap_or_default();
    if !callee.is_some_and(Function::is_intrinsic) {
        let slots = call_slots(call.callee_signature());
        return (slots > ARGUMENT_SLOTS && callee.is_none_or(Function::is_declaration)).then(|| {
            format!("`{}` passes {slots} argument slots; the SVM passes {ARGUMENT_SLOTS}. Pass a struct by reference.", call.text())
        });
    }
    let widest = widest(call);
    // Funnel shifts by a constant are shifts of words.
    let is_fixed_funnel = name.starts_with("llvm.fsh") && call.operand(2).is_constant_int();
    let is_known = is_fixed_funnel || WIDE_INTRINSICS.iter().any(|known| name.starts_with(known));
    let is_multiplication = name.contains("mul.with.overflow")
        && !name.ends_with(".i8")
        && !name.ends_with(".i16")
        && !name.ends_with(".i32");
    if is_multiplication || (widest > 64 && !is_known) {
        return Some(format!(
            "`{}` has no replacement in sbf-builtins; add one to tools/sbf, or write it with 64-bit integers",
            call.text()
        ));
    }
    None
}

/// The opcodes that LLVM splits into operations on words.
fn is_lowered_rightly(instruction: Instruction<'_>) -> bool {
    match instruction.opcode() {
        Opcode::LLVMShl | Opcode::LLVMLShr | Opcode::LLVMAShr => instruction.operand(1).is_constant_int(),
        Opcode::LLVMAdd
        | Opcode::LLVMSub
        | Opcode::LLVMAnd
        | Opcode::LLVMOr
        | Opcode::LLVMXor
        | Opcode::LLVMICmp
        | Opcode::LLVMSelect
        | Opcode::LLVMPHI
        | Opcode::LLVMLoad
        | Opcode::LLVMStore
        | Opcode::LLVMTrunc
        | Opcode::LLVMZExt
        | Opcode::LLVMSExt
        | Opcode::LLVMFreeze
        | Opcode::LLVMRet
        | Opcode::LLVMExtractValue
        | Opcode::LLVMInsertValue
        | Opcode::LLVMSwitch
        // A type of memory, not a value.
        | Opcode::LLVMAlloca
        | Opcode::LLVMGetElementPtr => true,
        _ => false,
    }
}

/// The width of the longest integer that the instruction reads or makes.
fn widest(instruction: Instruction<'_>) -> u32 {
    let operands = instruction
        .operands()
        .into_iter()
        .map(|operand| operand.ty());
    std::iter::once(instruction.ty())
        .chain(operands)
        .map(widest_part)
        .max()
        .unwrap_or(0)
}

fn widest_part(ty: Type<'_>) -> u32 {
    match ty.kind() {
        TypeKind::LLVMIntegerTypeKind => ty.int_bits().unwrap_or(0),
        _ => ty
            .elements()
            .into_iter()
            .map(widest_part)
            .max()
            .unwrap_or(0),
    }
}

fn is_float(ty: Type<'_>) -> bool {
    matches!(
        ty.kind(),
        TypeKind::LLVMHalfTypeKind
            | TypeKind::LLVMFloatTypeKind
            | TypeKind::LLVMDoubleTypeKind
            | TypeKind::LLVMFP128TypeKind
    ) || ty.elements().into_iter().any(is_float)
}
