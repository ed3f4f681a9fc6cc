//! A thin, lifetime-checked layer over the part of LLVM's C interface that the link passes use.
//!
//! Every handle carries the lifetime of its [`Context`]; the only way to make one dangle is to keep
//! an [`Instruction`] after [`Instruction::erase`], which its callers do not.

mod builder;
mod module;
mod target;
mod value;

use std::{
    cell::RefCell,
    ffi::{CStr, CString, c_char, c_void},
    slice,
    sync::Once,
};

use bpf_linker::llvm_sys::{
    LLVMDiagnosticSeverity,
    core::*,
    error_handling::LLVMInstallFatalErrorHandler,
    prelude::*,
    support::LLVMParseCommandLineOptions,
    target::{
        LLVMInitializeBPFAsmPrinter, LLVMInitializeBPFTarget, LLVMInitializeBPFTargetInfo,
        LLVMInitializeBPFTargetMC,
    },
};

pub(crate) use builder::Builder;
pub(crate) use module::Module;
pub(crate) use target::TargetMachine;
pub(crate) use value::{Function, Instruction, Opcode, Type, TypeKind, Value};

use crate::demangle::demangle_all;

/// Calls into LLVM with handles that this module's types hold.
macro_rules! llvm {
    ($($call:tt)*) => {{
        // SAFETY: every handle given to LLVM here was returned by LLVM and is owned by a context that
        // the borrowed receiver keeps alive; strings are NUL-terminated or passed with their length.
        #[allow(clippy::macro_metavars_in_unsafe, clippy::multiple_unsafe_ops_per_block)]
        unsafe { $($call)* }
    }};
}
pub(crate) use llvm;

/// What LLVM's passes are told, here and inside rustc.
pub(crate) const OPTIMISER_OPTIONS: [&str; 4] = [
    // These rewrite code so that the Linux verifier accepts it; the SVM has no such verifier, and they cost compute units.
    "--bpf-disable-serialize-icmp",
    "--bpf-disable-avoid-speculation",
    // The SVM has no pipeline to feed: an unrolled loop saves an instruction a round. Anchor's walk over an instruction's
    // accounts, unrolled, was a quarter of the program.
    "--unroll-threshold=40",
    // LLVM guesses that whatever stands behind half a dozen checks is rarely reached, and does not inline it. In a program
    // that is where the work begins.
    "--cold-callsite-rel-freq=0",
];

/// What only the code generator and the passes here are told.
const LINK_OPTIONS: [&str; 9] = [
    // The outliner of cold code would split functions and hand over their state in more than five arguments.
    "--hot-cold-split=false",
    // The SVM's frame; Linux has 512 bytes.
    "--bpf-stack-size=4096",
    // Of what `cpu=v4` adds, sBPF has the store of an immediate alone.
    "--disable-ldsx",
    "--disable-movsx",
    "--disable-bswap",
    "--disable-sdiv-smod",
    "--disable-gotol",
    "--disable-gotox",
    "--disable-load-acq-store-rel",
];

/// LLVM's command line is global to the process: this is the one place where it is set.
fn initialise() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let arguments: Vec<_> = ["sbf-link"]
            .iter()
            .chain(&OPTIMISER_OPTIONS)
            .chain(&LINK_OPTIONS)
            .map(|argument| c_string(argument))
            .collect();
        let arguments: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
        llvm! {
            LLVMInitializeBPFTargetInfo();
            LLVMInitializeBPFTarget();
            LLVMInitializeBPFTargetMC();
            LLVMInitializeBPFAsmPrinter();
            LLVMParseCommandLineOptions(arguments.len() as i32, arguments.as_ptr(), c"".as_ptr());
            LLVMInstallFatalErrorHandler(Some(fatal_error))
        };
    });
}

/// LLVM ends the process after this: all that is left to do is to say it in the user's words.
extern "C" fn fatal_error(reason: *const c_char) {
    // SAFETY: LLVM passes a NUL-terminated string.
    let reason = unsafe { CStr::from_ptr(reason) }.to_string_lossy();
    specie_stdout::error_line(format_args!(
        "error: LLVM cannot generate code for this program: {}",
        demangle_all(&reason)
    ));
}

/// What LLVM complained about while it worked: severity and text, names demangled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    pub(crate) is_error: bool,
    pub(crate) text: String,
}

/// Owns every module, type and value made in it.
pub(crate) struct Context {
    raw: LLVMContextRef,
    diagnostics: Box<RefCell<Vec<Diagnostic>>>,
}

impl Context {
    pub(crate) fn new() -> Self {
        initialise();
        let diagnostics = Box::new(RefCell::new(Vec::new()));
        let raw = llvm!(LLVMContextCreate());
        let sink: *const RefCell<Vec<Diagnostic>> = &*diagnostics;
        llvm!(LLVMContextSetDiagnosticHandler(
            raw,
            Some(record),
            sink.cast_mut().cast()
        ));
        Self { raw, diagnostics }
    }

    /// What was reported since the last call.
    pub(crate) fn take_diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.take()
    }

    pub(crate) fn int(&self, bits: u32) -> Type<'_> {
        Type::from_raw(llvm!(LLVMIntTypeInContext(self.raw, bits)))
    }

    pub(crate) fn pointer(&self) -> Type<'_> {
        Type::from_raw(llvm!(LLVMPointerTypeInContext(self.raw, 0)))
    }

    pub(crate) fn void(&self) -> Type<'_> {
        Type::from_raw(llvm!(LLVMVoidTypeInContext(self.raw)))
    }

    pub(crate) fn raw(&self) -> LLVMContextRef {
        self.raw
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        llvm!(LLVMContextDispose(self.raw));
    }
}

extern "C" fn record(info: LLVMDiagnosticInfoRef, sink: *mut c_void) {
    // SAFETY: `sink` is the context's boxed cell, which outlives the context that calls this.
    let sink = unsafe { &*sink.cast::<RefCell<Vec<Diagnostic>>>() };
    let severity = llvm!(LLVMGetDiagInfoSeverity(info));
    if matches!(
        severity,
        LLVMDiagnosticSeverity::LLVMDSRemark | LLVMDiagnosticSeverity::LLVMDSNote
    ) {
        return;
    }
    let text = take_message(llvm!(LLVMGetDiagInfoDescription(info)));
    sink.borrow_mut().push(Diagnostic {
        is_error: severity == LLVMDiagnosticSeverity::LLVMDSError,
        text: demangle_all(text.trim_end()),
    });
}

/// Takes over a message that LLVM allocated.
fn take_message(message: *mut c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: LLVM hands over a NUL-terminated string, which is freed once and not used afterwards.
    unsafe {
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        LLVMDisposeMessage(message);
        text
    }
}

/// Copies a memory buffer out and frees it.
fn take_buffer(buffer: LLVMMemoryBufferRef) -> Vec<u8> {
    // SAFETY: the buffer is owned by the caller, who passes it on; start and size describe live memory until it is freed.
    unsafe {
        let bytes =
            slice::from_raw_parts(LLVMGetBufferStart(buffer).cast(), LLVMGetBufferSize(buffer))
                .to_vec();
        LLVMDisposeMemoryBuffer(buffer);
        bytes
    }
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("names and options hold no NUL byte")
}
