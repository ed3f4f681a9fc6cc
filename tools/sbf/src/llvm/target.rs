use std::{ffi::CStr, ptr};

use anyhow::{Result, bail};
use bpf_linker::llvm_sys::target_machine::*;

use super::{Module, llvm, take_buffer, take_message};

/// LLVM's BPF code generator for one processor level.
pub(crate) struct TargetMachine {
    raw: LLVMTargetMachineRef,
}

impl TargetMachine {
    pub(crate) fn new(cpu: &CStr, features: &CStr) -> Result<Self> {
        super::initialise();
        let triple = c"bpfel";
        let (mut target, mut message) = (ptr::null_mut(), ptr::null_mut());
        if llvm!(LLVMGetTargetFromTriple(
            triple.as_ptr(),
            &mut target,
            &mut message
        )) != 0
        {
            bail!("this LLVM has no BPF target: {}", take_message(message));
        }
        let raw = llvm!(LLVMCreateTargetMachine(
            target,
            triple.as_ptr(),
            cpu.as_ptr(),
            features.as_ptr(),
            LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
            // BPF has no position-independent code, and the last step cannot relocate relative tables.
            LLVMRelocMode::LLVMRelocStatic,
            LLVMCodeModel::LLVMCodeModelDefault,
        ));
        if raw.is_null() {
            bail!("LLVM refuses the processor {cpu:?} with the features {features:?}");
        }
        Ok(Self { raw })
    }

    pub(crate) fn emit_object(&self, module: &Module<'_>) -> Result<Vec<u8>> {
        let (mut buffer, mut message) = (ptr::null_mut(), ptr::null_mut());
        let failed = llvm!(LLVMTargetMachineEmitToMemoryBuffer(
            self.raw,
            module.raw(),
            LLVMCodeGenFileType::LLVMObjectFile,
            &mut message,
            &mut buffer
        ));
        if failed != 0 {
            bail!("LLVM cannot generate code: {}", take_message(message));
        }
        Ok(take_buffer(buffer))
    }

    pub(super) fn raw(&self) -> LLVMTargetMachineRef {
        self.raw
    }
}

impl Drop for TargetMachine {
    fn drop(&mut self) {
        llvm!(LLVMDisposeTargetMachine(self.raw));
    }
}
