use std::{marker::PhantomData, ptr};

use anyhow::{Result, bail};
use bpf_linker::llvm_sys::{
    LLVMLinkage, LLVMVisibility,
    analysis::{LLVMVerifierFailureAction, LLVMVerifyModule},
    bit_reader::LLVMParseBitcodeInContext2,
    bit_writer::LLVMWriteBitcodeToMemoryBuffer,
    core::*,
    debuginfo::LLVMStripModuleDebugInfo,
    error::LLVMGetErrorMessage,
    linker::LLVMLinkModules2,
    prelude::*,
    transforms::pass_builder::{
        LLVMCreatePassBuilderOptions, LLVMDisposePassBuilderOptions, LLVMRunPasses,
    },
};

use super::{
    Context, Function, TargetMachine, Type, Value, c_string, llvm, take_buffer, take_message,
};

/// One LLVM module, freed with this value.
pub(crate) struct Module<'ctx> {
    context: &'ctx Context,
    raw: LLVMModuleRef,
}

impl<'ctx> Module<'ctx> {
    pub(crate) fn empty(context: &'ctx Context, name: &str) -> Self {
        let name = c_string(name);
        Self {
            context,
            raw: llvm!(LLVMModuleCreateWithNameInContext(
                name.as_ptr(),
                context.raw()
            )),
        }
    }

    /// Reads LLVM bitcode, as rustc writes it into objects.
    pub(crate) fn from_bitcode(context: &'ctx Context, bitcode: &[u8]) -> Result<Self> {
        let mut raw = ptr::null_mut();
        let failed = llvm! {{
            let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bitcode.as_ptr().cast(), bitcode.len(), c"bitcode".as_ptr());
            let failed = LLVMParseBitcodeInContext2(context.raw(), buffer, &mut raw);
            LLVMDisposeMemoryBuffer(buffer);
            failed
        }};
        if failed != 0 {
            let reasons: Vec<_> = context
                .take_diagnostics()
                .into_iter()
                .map(|diagnostic| diagnostic.text)
                .collect();
            bail!("LLVM 22 cannot read this bitcode: {}", reasons.join("; "));
        }
        Ok(Self { context, raw })
    }

    /// Reads LLVM's textual form, in which the tests of the passes are written.
    #[cfg(test)]
    pub(crate) fn from_ir(context: &'ctx Context, text: &str) -> Result<Self> {
        use bpf_linker::llvm_sys::ir_reader::LLVMParseIRInContext2;
        let (mut raw, mut message) = (ptr::null_mut(), ptr::null_mut());
        let failed = llvm! {{
            let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(text.as_ptr().cast(), text.len(), c"ir".as_ptr());
            let failed = LLVMParseIRInContext2(context.raw(), buffer, &mut raw, &mut message);
            LLVMDisposeMemoryBuffer(buffer);
            failed
        }};
        if failed != 0 {
            bail!("LLVM 22 cannot read this text: {}", take_message(message));
        }
        Ok(Self { context, raw })
    }

    /// Moves everything of `other` into this module.
    pub(crate) fn absorb(&mut self, other: Module<'ctx>) -> Result<()> {
        let raw = other.raw;
        // LLVMLinkModules2 frees the source.
        std::mem::forget(other);
        if llvm!(LLVMLinkModules2(self.raw, raw)) != 0 {
            let reasons: Vec<_> = self
                .context
                .take_diagnostics()
                .into_iter()
                .map(|diagnostic| diagnostic.text)
                .collect();
            bail!(
                "two inputs cannot be linked into one program: {}",
                reasons.join("; ")
            );
        }
        Ok(())
    }

    pub(crate) fn context(&self) -> &'ctx Context {
        self.context
    }

    pub(crate) fn to_bitcode(&self) -> Vec<u8> {
        take_buffer(llvm!(LLVMWriteBitcodeToMemoryBuffer(self.raw)))
    }

    pub(crate) fn to_ir(&self) -> String {
        take_message(llvm!(LLVMPrintModuleToString(self.raw)))
    }

    pub(crate) fn functions(&self) -> Vec<Function<'ctx>> {
        let mut all = Vec::new();
        let mut next = llvm!(LLVMGetFirstFunction(self.raw));
        while !next.is_null() {
            all.push(Function::from_raw(next));
            next = llvm!(LLVMGetNextFunction(next));
        }
        all
    }

    pub(crate) fn function(&self, name: &str) -> Option<Function<'ctx>> {
        let found = llvm!(LLVMGetNamedFunctionWithLength(
            self.raw,
            name.as_ptr().cast(),
            name.len()
        ));
        (!found.is_null()).then(|| Function::from_raw(found))
    }

    /// The function of that name, declared here if the module has none yet.
    pub(crate) fn declare(
        &self,
        name: &str,
        result: Type<'ctx>,
        parameters: &[Type<'ctx>],
    ) -> Function<'ctx> {
        self.function(name).unwrap_or_else(|| {
            let mut parameters: Vec<_> = parameters.iter().map(|parameter| parameter.raw()).collect();
            let name = c_string(name);
            Function::from_raw(llvm! {{
                let signature = LLVMFunctionType(result.raw(), parameters.as_mut_ptr(), parameters.len() as u32, 0);
                LLVMAddFunction(self.raw, name.as_ptr(), signature)
            }})
        })
    }

    /// Global variables, without functions.
    pub(crate) fn globals(&self) -> Vec<Value<'ctx>> {
        let mut all = Vec::new();
        let mut next = llvm!(LLVMGetFirstGlobal(self.raw));
        while !next.is_null() {
            all.push(Value::from_raw(next));
            next = llvm!(LLVMGetNextGlobal(next));
        }
        all
    }

    /// Makes every definition private to the program, except the named ones: what nobody outside can
    /// call may be inlined, changed in its arguments, or dropped.
    pub(crate) fn internalise(&mut self, keep: &[&str]) {
        let functions = self
            .functions()
            .into_iter()
            .map(|function| function.as_value());
        for value in functions.chain(self.globals()) {
            let name = value.name();
            if !value.is_declaration()
                && !name.starts_with("llvm.")
                && !keep.contains(&name.as_str())
            {
                llvm! {
                    LLVMSetLinkage(value.raw(), LLVMLinkage::LLVMInternalLinkage);
                    LLVMSetVisibility(value.raw(), LLVMVisibility::LLVMDefaultVisibility)
                };
            }
        }
    }

    pub(crate) fn strip_debug_info(&mut self) {
        llvm!(LLVMStripModuleDebugInfo(self.raw));
    }

    /// Runs a pass pipeline, written as for `opt -passes=`.
    pub(crate) fn run_passes(&mut self, pipeline: &str, machine: &TargetMachine) -> Result<()> {
        let passes = c_string(pipeline);
        let error = llvm! {{
            let options = LLVMCreatePassBuilderOptions();
            let error = LLVMRunPasses(self.raw, passes.as_ptr(), machine.raw(), options);
            LLVMDisposePassBuilderOptions(options);
            error
        }};
        if !error.is_null() {
            bail!(
                "LLVM's passes {pipeline} failed: {}",
                take_message(llvm!(LLVMGetErrorMessage(error)))
            );
        }
        Ok(())
    }

    /// That the module is well formed; a failure is a defect of these passes.
    pub(crate) fn verify(&self) -> Result<()> {
        let mut message = ptr::null_mut();
        let failed = llvm!(LLVMVerifyModule(
            self.raw,
            LLVMVerifierFailureAction::LLVMReturnStatusAction,
            &mut message
        ));
        let message = take_message(message);
        if failed != 0 {
            bail!("the link passes left a malformed module: {message}");
        }
        Ok(())
    }

    pub(crate) fn raw(&self) -> LLVMModuleRef {
        self.raw
    }
}

impl Drop for Module<'_> {
    fn drop(&mut self) {
        llvm!(LLVMDisposeModule(self.raw));
    }
}

/// Marks the lifetime of handles that live in a context.
pub(super) type InContext<'ctx> = PhantomData<&'ctx Context>;
