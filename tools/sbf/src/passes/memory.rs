//! Long copies and fills of a known length.
//!
//! The backend expands them into a load and a store for each word, up to a kilobyte: two compute units
//! for eight bytes. The SVM's memory syscalls cost ten, and the call.

use crate::llvm::{Builder, Instruction, Module};

/// The longest copy that is cheaper in words: fifteen compute units for the syscall and its arguments.
const LONGEST_COPY_IN_WORDS: u64 = 64;

/// The same for filling, which is one instruction a word.
const LONGEST_FILL_IN_WORDS: u64 = 128;

/// Replaces long copies and fills by syscalls. Says how many there were.
pub(crate) fn call_syscalls_for_long_lengths(module: &mut Module<'_>) -> usize {
    let mut count = 0;
    for function in module.functions() {
        // The builtins choose for themselves.
        if matches!(
            function.name().as_str(),
            "memcpy" | "memmove" | "memset" | "memcmp" | "bcmp"
        ) {
            continue;
        }
        for instruction in function.instructions() {
            if let Some(syscall) = syscall(instruction) {
                call(module, instruction, syscall);
                count += 1;
            }
        }
    }
    count
}

fn syscall(instruction: Instruction<'_>) -> Option<&'static str> {
    let name = instruction.callee()?.name();
    let length = || instruction.operand(2).constant();
    // `sol_memmove_` for both: `sol_memcpy_` refuses equal pointers, which LLVM's memcpy permits.
    if name.starts_with("llvm.memcpy.") || name.starts_with("llvm.memmove.") {
        (length()? > LONGEST_COPY_IN_WORDS).then_some("sol_memmove_")
    } else if name.starts_with("llvm.memset.") {
        (length()? > LONGEST_FILL_IN_WORDS).then_some("sol_memset_")
    } else {
        None
    }
}

fn call<'ctx>(module: &Module<'ctx>, instruction: Instruction<'ctx>, syscall: &str) {
    let context = module.context();
    let builder = Builder::before(context, instruction);
    let arguments: Vec<_> = (0..3).map(|index| instruction.operand(index)).collect();
    let parameters: Vec<_> = arguments.iter().map(|argument| argument.ty()).collect();
    let function = module.declare(syscall, context.void(), &parameters);
    // The program may have declared the syscall itself, with other integer widths.
    let arguments: Vec<_> = arguments
        .into_iter()
        .zip(function.signature().parameters())
        .map(
            |(argument, wanted)| match (argument.ty().int_bits(), wanted.int_bits()) {
                (Some(has), Some(wants)) if has < wants => builder.zero_extend(argument, wanted),
                (Some(has), Some(wants)) if has > wants => builder.truncate(argument, wanted),
                _ => argument,
            },
        )
        .collect();
    builder.call(function, &arguments);
    instruction.erase();
}
