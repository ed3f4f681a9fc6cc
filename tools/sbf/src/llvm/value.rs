use std::{marker::PhantomData, slice};

use bpf_linker::llvm_sys::{LLVMAttributeFunctionIndex, core::*, prelude::*};
pub(crate) use bpf_linker::llvm_sys::{LLVMOpcode as Opcode, LLVMTypeKind as TypeKind};

use super::{Context, llvm, module::InContext, take_message};
use crate::demangle::demangle;

/// A type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Type<'ctx>(LLVMTypeRef, InContext<'ctx>);

impl<'ctx> Type<'ctx> {
    pub(super) fn from_raw(raw: LLVMTypeRef) -> Self {
        Self(raw, PhantomData)
    }

    pub(super) fn raw(self) -> LLVMTypeRef {
        self.0
    }

    pub(crate) fn kind(self) -> TypeKind {
        llvm!(LLVMGetTypeKind(self.0))
    }

    /// The width of an integer type.
    pub(crate) fn int_bits(self) -> Option<u32> {
        (self.kind() == TypeKind::LLVMIntegerTypeKind).then(|| llvm!(LLVMGetIntTypeWidth(self.0)))
    }

    /// What a struct, an array or a vector is made of, once per element.
    pub(crate) fn elements(self) -> Vec<Type<'ctx>> {
        match self.kind() {
            TypeKind::LLVMStructTypeKind => {
                let count = llvm!(LLVMCountStructElementTypes(self.0));
                (0..count)
                    .map(|index| Type::from_raw(llvm!(LLVMStructGetTypeAtIndex(self.0, index))))
                    .collect()
            }
            TypeKind::LLVMArrayTypeKind => {
                let count = llvm!(LLVMGetArrayLength2(self.0));
                vec![Type::from_raw(llvm!(LLVMGetElementType(self.0))); count as usize]
            }
            TypeKind::LLVMVectorTypeKind | TypeKind::LLVMScalableVectorTypeKind => {
                let count = llvm!(LLVMGetVectorSize(self.0));
                vec![Type::from_raw(llvm!(LLVMGetElementType(self.0))); count as usize]
            }
            _ => Vec::new(),
        }
    }

    /// Of a function type: its result.
    pub(crate) fn result(self) -> Type<'ctx> {
        Type::from_raw(llvm!(LLVMGetReturnType(self.0)))
    }

    /// Of a function type: its parameters.
    pub(crate) fn parameters(self) -> Vec<Type<'ctx>> {
        let count = llvm!(LLVMCountParamTypes(self.0)) as usize;
        let mut raw = vec![std::ptr::null_mut(); count];
        llvm!(LLVMGetParamTypes(self.0, raw.as_mut_ptr()));
        raw.into_iter().map(Type::from_raw).collect()
    }

    pub(crate) fn undefined(self) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMGetUndef(self.0)))
    }
}

impl std::fmt::Display for Type<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&take_message(llvm!(LLVMPrintTypeToString(self.0))))
    }
}

/// Anything that can be an operand.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Value<'ctx>(LLVMValueRef, InContext<'ctx>);

impl<'ctx> Value<'ctx> {
    pub(super) fn from_raw(raw: LLVMValueRef) -> Self {
        Self(raw, PhantomData)
    }

    pub(super) fn raw(self) -> LLVMValueRef {
        self.0
    }

    pub(crate) fn ty(self) -> Type<'ctx> {
        Type::from_raw(llvm!(LLVMTypeOf(self.0)))
    }

    pub(crate) fn name(self) -> String {
        let mut length = 0;
        let start = llvm!(LLVMGetValueName2(self.0, &mut length));
        // SAFETY: LLVM returns a pointer to `length` bytes that live as long as the value keeps its name.
        let bytes = unsafe { slice::from_raw_parts(start.cast::<u8>(), length) };
        String::from_utf8_lossy(bytes).into_owned()
    }

    pub(crate) fn is_declaration(self) -> bool {
        llvm!(LLVMIsDeclaration(self.0)) != 0
    }

    /// Of an integer constant of at most 64 bits: its value.
    pub(crate) fn constant(self) -> Option<u64> {
        let is_constant = !llvm!(LLVMIsAConstantInt(self.0)).is_null();
        (is_constant && self.ty().int_bits()? <= 64)
            .then(|| llvm!(LLVMConstIntGetZExtValue(self.0)))
    }

    pub(crate) fn is_constant_int(self) -> bool {
        !llvm!(LLVMIsAConstantInt(self.0)).is_null()
    }

    pub(crate) fn as_instruction(self) -> Option<Instruction<'ctx>> {
        (!llvm!(LLVMIsAInstruction(self.0)).is_null()).then_some(Instruction(self))
    }

    pub(crate) fn as_function(self) -> Option<Function<'ctx>> {
        (!llvm!(LLVMIsAFunction(self.0)).is_null()).then_some(Function(self))
    }
}

/// A function, defined or declared.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Function<'ctx>(Value<'ctx>);

impl<'ctx> Function<'ctx> {
    pub(super) fn from_raw(raw: LLVMValueRef) -> Self {
        Self(Value::from_raw(raw))
    }

    pub(super) fn raw(self) -> LLVMValueRef {
        self.0.raw()
    }

    pub(crate) fn as_value(self) -> Value<'ctx> {
        self.0
    }

    pub(crate) fn name(self) -> String {
        self.0.name()
    }

    /// The name as its author wrote it.
    pub(crate) fn plain_name(self) -> String {
        demangle(&self.name())
    }

    pub(crate) fn is_declaration(self) -> bool {
        self.0.is_declaration()
    }

    pub(crate) fn is_intrinsic(self) -> bool {
        llvm!(LLVMGetIntrinsicID(self.0.raw())) != 0
    }

    pub(crate) fn signature(self) -> Type<'ctx> {
        Type::from_raw(llvm!(LLVMGlobalGetValueType(self.0.raw())))
    }

    pub(crate) fn add_attribute(self, context: &Context, name: &str) {
        llvm! {
            let attribute = LLVMCreateEnumAttribute(context.raw(), attribute_kind(name), 0);
            LLVMAddAttributeAtIndex(self.0.raw(), LLVMAttributeFunctionIndex, attribute)
        };
    }

    pub(crate) fn remove_attribute(self, name: &str) {
        llvm!(LLVMRemoveEnumAttributeAtIndex(
            self.0.raw(),
            LLVMAttributeFunctionIndex,
            attribute_kind(name)
        ));
    }

    /// Removes an attribute from every parameter.
    pub(crate) fn remove_parameter_attribute(self, name: &str) {
        for index in 0..self.signature().parameters().len() as u32 {
            llvm!(LLVMRemoveEnumAttributeAtIndex(
                self.0.raw(),
                index + 1,
                attribute_kind(name)
            ));
        }
    }

    pub(crate) fn set_text_attribute(self, context: &Context, name: &str, value: &str) {
        llvm! {
            let attribute = LLVMCreateStringAttribute(
                context.raw(), name.as_ptr().cast(), name.len() as u32, value.as_ptr().cast(), value.len() as u32);
            LLVMAddAttributeAtIndex(self.0.raw(), LLVMAttributeFunctionIndex, attribute)
        };
    }

    pub(crate) fn remove_text_attribute(self, name: &str) {
        llvm!(LLVMRemoveStringAttributeAtIndex(
            self.0.raw(),
            LLVMAttributeFunctionIndex,
            name.as_ptr().cast(),
            name.len() as u32
        ));
    }

    pub(crate) fn instructions(self) -> Vec<Instruction<'ctx>> {
        let mut all = Vec::new();
        let mut block = llvm!(LLVMGetFirstBasicBlock(self.0.raw()));
        while !block.is_null() {
            let mut next = llvm!(LLVMGetFirstInstruction(block));
            while !next.is_null() {
                all.push(Instruction(Value::from_raw(next)));
                next = llvm!(LLVMGetNextInstruction(next));
            }
            block = llvm!(LLVMGetNextBasicBlock(block));
        }
        all
    }
}

fn attribute_kind(name: &str) -> u32 {
    let kind = llvm!(LLVMGetEnumAttributeKindForName(
        name.as_ptr().cast(),
        name.len()
    ));
    assert_ne!(kind, 0, "LLVM 22 knows the attribute {name}");
    kind
}

/// An instruction of a function's body.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Instruction<'ctx>(Value<'ctx>);

impl<'ctx> Instruction<'ctx> {
    pub(super) fn from_raw(raw: LLVMValueRef) -> Self {
        Self(Value::from_raw(raw))
    }

    pub(super) fn raw(self) -> LLVMValueRef {
        self.0.raw()
    }

    pub(crate) fn opcode(self) -> Opcode {
        llvm!(LLVMGetInstructionOpcode(self.0.raw()))
    }

    pub(crate) fn ty(self) -> Type<'ctx> {
        self.0.ty()
    }

    pub(crate) fn operands(self) -> Vec<Value<'ctx>> {
        let count = llvm!(LLVMGetNumOperands(self.0.raw())) as u32;
        (0..count).map(|index| self.operand(index)).collect()
    }

    pub(crate) fn operand(self, index: u32) -> Value<'ctx> {
        Value::from_raw(llvm!(LLVMGetOperand(self.0.raw(), index)))
    }

    pub(crate) fn set_operand(self, index: u32, value: Value<'ctx>) {
        llvm!(LLVMSetOperand(self.0.raw(), index, value.raw()));
    }

    pub(crate) fn is_call(self) -> bool {
        matches!(self.opcode(), Opcode::LLVMCall | Opcode::LLVMInvoke)
    }

    /// Of a call: the function it names, unless it goes through a pointer.
    pub(crate) fn callee(self) -> Option<Function<'ctx>> {
        self.is_call()
            .then(|| Value::from_raw(llvm!(LLVMGetCalledValue(self.0.raw()))))?
            .as_function()
    }

    /// Of a call: its function type.
    pub(crate) fn callee_signature(self) -> Type<'ctx> {
        Type::from_raw(llvm!(LLVMGetCalledFunctionType(self.0.raw())))
    }

    /// Of a call: removes an attribute of the call itself.
    pub(crate) fn remove_call_attribute(self, name: &str) {
        llvm!(LLVMRemoveCallSiteEnumAttribute(
            self.0.raw(),
            LLVMAttributeFunctionIndex,
            attribute_kind(name)
        ));
    }

    /// Of a call: removes an attribute from every argument.
    pub(crate) fn remove_argument_attribute(self, name: &str) {
        for index in 0..self.callee_signature().parameters().len() as u32 {
            llvm!(LLVMRemoveCallSiteEnumAttribute(
                self.0.raw(),
                index + 1,
                attribute_kind(name)
            ));
        }
    }

    /// Of an `alloca`: whether its size is a constant, so that it belongs to the fixed frame.
    pub(crate) fn is_fixed_alloca(self) -> bool {
        self.operand(0).is_constant_int()
    }

    /// The instruction as LLVM prints it, on one line.
    pub(crate) fn text(self) -> String {
        take_message(llvm!(LLVMPrintValueToString(self.0.raw())))
            .trim()
            .to_owned()
    }

    pub(crate) fn replace_with(self, value: Value<'ctx>) {
        llvm!(LLVMReplaceAllUsesWith(self.0.raw(), value.raw()));
        self.erase();
    }

    pub(crate) fn erase(self) {
        llvm!(LLVMInstructionEraseFromParent(self.0.raw()));
    }
}
