use std::marker::PhantomData;

use bpf_linker::llvm_sys::{core::*, prelude::*};

use super::{Context, Function, Instruction, Type, Value, llvm, module::InContext};

/// Inserts instructions before another one.
pub(crate) struct Builder<'ctx>(LLVMBuilderRef, InContext<'ctx>);

impl<'ctx> Builder<'ctx> {
    pub(crate) fn before(context: &'ctx Context, instruction: Instruction<'ctx>) -> Self {
        let raw = llvm!(LLVMCreateBuilderInContext(context.raw()));
        llvm!(LLVMPositionBuilderBefore(raw, instruction.raw()));
        Self(raw, PhantomData)
    }

    /// At the start of a function that has a body.
    pub(crate) fn at_entry(context: &'ctx Context, function: Function<'ctx>) -> Self {
        let first = llvm!(LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(
            function.raw()
        )));
        Self::before(context, Instruction::from_raw(first))
    }

    /// A place in the stack frame; made at a function's start only, so that the frame's size is fixed.
    pub(crate) fn alloca(&self, ty: Type<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildAlloca(self.0, ty.raw(), c"".as_ptr())))
    }

    pub(crate) fn load(&self, ty: Type<'ctx>, from: Value<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildLoad2(
            self.0,
            ty.raw(),
            from.raw(),
            c"".as_ptr()
        )))
    }

    pub(crate) fn multiply(&self, left: Value<'ctx>, right: Value<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildMul(
            self.0,
            left.raw(),
            right.raw(),
            c"".as_ptr()
        )))
    }

    /// The value, of which later passes know nothing more.
    pub(crate) fn freeze(&self, value: Value<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildFreeze(self.0, value.raw(), c"".as_ptr())))
    }

    pub(crate) fn call(&self, function: Function<'ctx>, arguments: &[Value<'ctx>]) -> Value<'ctx> {
        let mut arguments: Vec<_> = arguments.iter().map(|argument| argument.raw()).collect();
        let (signature, count) = (function.signature().raw(), arguments.len() as u32);
        Value::from_raw(llvm!(LLVMBuildCall2(
            self.0,
            signature,
            function.raw(),
            arguments.as_mut_ptr(),
            count,
            c"".as_ptr()
        )))
    }

    pub(crate) fn insert_field(
        &self,
        aggregate: Value<'ctx>,
        field: Value<'ctx>,
        index: u32,
    ) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildInsertValue(
            self.0,
            aggregate.raw(),
            field.raw(),
            index,
            c"".as_ptr()
        )))
    }

    pub(crate) fn zero_extend(&self, value: Value<'ctx>, ty: Type<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildZExtOrBitCast(
            self.0,
            value.raw(),
            ty.raw(),
            c"".as_ptr()
        )))
    }

    pub(crate) fn sign_extend(&self, value: Value<'ctx>, ty: Type<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildSExtOrBitCast(
            self.0,
            value.raw(),
            ty.raw(),
            c"".as_ptr()
        )))
    }

    pub(crate) fn truncate(&self, value: Value<'ctx>, ty: Type<'ctx>) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMBuildTruncOrBitCast(
            self.0,
            value.raw(),
            ty.raw(),
            c"".as_ptr()
        )))
    }
}

impl Drop for Builder<'_> {
    fn drop(&mut self) {
        llvm!(LLVMDisposeBuilder(self.0));
    }
}
