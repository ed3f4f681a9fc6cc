//! Functions of more than five argument slots.
//!
//! The code generator has five argument registers. A longer function is inlined into its callers,
//! where it has no arguments any more.

use crate::{
    llvm::{Function, Module, Type, TypeKind},
    passes::ARGUMENT_SLOTS,
};

/// How many 64-bit registers a value of this type takes.
pub(crate) fn slots(ty: Type<'_>) -> u64 {
    match ty.kind() {
        TypeKind::LLVMVoidTypeKind => 0,
        TypeKind::LLVMIntegerTypeKind => u64::from(ty.int_bits().unwrap_or(64).div_ceil(64)),
        TypeKind::LLVMFP128TypeKind => 2,
        TypeKind::LLVMStructTypeKind
        | TypeKind::LLVMArrayTypeKind
        | TypeKind::LLVMVectorTypeKind
        | TypeKind::LLVMScalableVectorTypeKind => ty.elements().into_iter().map(slots).sum(),
        _ => 1,
    }
}

/// How many argument registers a call of this signature takes. A result that does not fit the one
/// result register is written through a pointer that the code generator passes as one more argument.
pub(crate) fn call_slots(signature: Type<'_>) -> u64 {
    let result = u64::from(slots(signature.result()) > 1);
    result + signature.parameters().into_iter().map(slots).sum::<u64>()
}

/// The defined functions that no call can reach as they are.
pub(crate) fn too_long<'ctx>(module: &Module<'ctx>) -> Vec<Function<'ctx>> {
    let mut functions = module.functions();
    functions.retain(|function| {
        !function.is_declaration() && call_slots(function.signature()) > ARGUMENT_SLOTS
    });
    functions
}

/// Marks every function that is too long for inlining, whatever its size; says how many there are.
pub(crate) fn inline_long_functions(module: &mut Module<'_>) -> usize {
    let functions = too_long(module);
    for function in &functions {
        // Both contradict `alwaysinline`.
        function.remove_attribute("noinline");
        function.remove_attribute("optnone");
        function.add_attribute(module.context(), "alwaysinline");
    }
    // So does the same attribute of a call, which rustc adds for `#[inline(never)]`.
    for caller in module.functions() {
        for call in caller.instructions() {
            if call
                .callee()
                .is_some_and(|callee| functions.contains(&callee))
            {
                call.remove_call_attribute("noinline");
            }
        }
    }
    functions.len()
}
