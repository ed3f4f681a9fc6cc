//! From bitcode to a program.

mod inputs;
#[cfg(test)]
mod tests;

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use sbpf_linker::{OptimizationConfig, ProgramOptions, SbpfLinkerError, link_program};

pub use inputs::merge;

use crate::{
    Arch,
    llvm::{Context, Module, TargetMachine},
    passes::{FRAME_BYTES, arguments, check, memory, overflow, wide},
};

/// How the program is linked.
pub struct Options {
    pub arch: Arch,
    /// Where LLVM's text of the last stage is left, and the object beside it: what compute units are spent on, and bytes.
    pub keep_ir: Option<PathBuf>,
}

/// The one function that the SVM calls.
const ENTRYPOINT: &str = "entrypoint";

/// LLVM's whole pipeline. `O3` differs by unrolling more, which made the program larger and not faster.
const OPTIMISE: &str = "default<O2>";

/// What runs once the builtins stand in for wide operations. Without `aggressive-instcombine`, which
/// recognises a long multiplication in words and makes `mul i128` of it again.
///
/// Comparisons of a known length, an address's above all, become words here: the code generator would make them as well, but
/// then nothing removes any more what they repeat, and a function that still calls for them looks too large to inline.
const FINISH: &str = "always-inline,function(expand-memcmp),\
    cgscc(inline,function(sroa<modify-cfg>,early-cse<memssa>,jump-threading,correlated-propagation,simplifycfg,\
    instcombine<no-verify-fixpoint>,reassociate,gvn,dse,adce,simplifycfg,instcombine<no-verify-fixpoint>)),\
    globalopt,globaldce";

/// Rounds of inlining: each removes what the round before uncovered.
const INLINE_ROUNDS: usize = 6;

/// Links a program's bitcode and the bitcode of `sbf-builtins` into a loadable file.
pub fn link(program: &[u8], builtins: &[u8], options: &Options) -> Result<Vec<u8>> {
    let context = Context::new();
    let machine = TargetMachine::new(options.arch.cpu(), options.arch.features())?;
    let mut module = Module::from_bitcode(&context, program)?;
    let builtins = Module::from_bitcode(&context, builtins)?;
    let object = compile(&mut module, builtins, &machine, options)?;
    if let Some(path) = &options.keep_ir {
        let path = path.with_extension("o");
        fs::write(&path, &object).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let program_options = ProgramOptions::new(
        OptimizationConfig::enabled(),
        options.arch.linker_arch(),
        FRAME_BYTES as i32,
    );
    link_program(&object, program_options).map_err(|errors| {
        anyhow::anyhow!(
            "the object cannot become an sBPF program:\n{}",
            SbpfLinkerError::format_errors(&errors)
        )
    })
}

/// Every pass, in order, up to the BPF object.
fn compile<'ctx>(
    module: &mut Module<'ctx>,
    builtins: Module<'ctx>,
    machine: &TargetMachine,
    options: &Options,
) -> Result<Vec<u8>> {
    if module
        .function(ENTRYPOINT)
        .is_none_or(|function| function.is_declaration())
    {
        bail!(
            "the program defines no `{ENTRYPOINT}`: build it with its entrypoint, without the feature no-entrypoint"
        );
    }
    module.strip_debug_info();
    retarget(module, options.arch);
    module.internalise(&[ENTRYPOINT]);
    module.run_passes(OPTIMISE, machine)?;
    inline(module, machine, OPTIMISE)?;

    memory::call_syscalls_for_long_lengths(module);
    wide::replace_wide_operations(module);
    wide::check_builtins(module, &builtins)?;
    module.absorb(builtins)?;
    retarget(module, options.arch);
    let mut exports = vec![ENTRYPOINT];
    exports.extend(check::MEMORY_FUNCTIONS);
    module.internalise(&exports);
    module.run_passes(FINISH, machine)?;
    // What optimising made anew.
    inline(module, machine, FINISH)?;
    overflow::keep_comparisons(module);
    module.verify()?;

    if let Some(path) = &options.keep_ir {
        fs::write(path, module.to_ir())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let refusals = check::refusals(module);
    if !refusals.is_empty() {
        bail!(
            "this program cannot run in the SVM:\n  - {}",
            refusals.join("\n  - ")
        );
    }
    generate(module, machine)
}

/// Inlines functions of too many arguments until none is left, or a round changes nothing.
fn inline(module: &mut Module<'_>, machine: &TargetMachine, pipeline: &str) -> Result<()> {
    let mut last = usize::MAX;
    for _ in 0..INLINE_ROUNDS {
        let left = arguments::inline_long_functions(module);
        if left == 0 || left == last {
            break;
        }
        last = left;
        module.run_passes(pipeline, machine)?;
    }
    Ok(())
}

/// Sets the processor that code is generated for: rustc wrote its own choice into every function.
fn retarget(module: &mut Module<'_>, arch: Arch) {
    let text = |text: &'static std::ffi::CStr| text.to_str().expect("processor names are ASCII");
    for function in module
        .functions()
        .into_iter()
        .filter(|function| !function.is_declaration())
    {
        function.set_text_attribute(module.context(), "target-cpu", text(arch.cpu()));
        function.set_text_attribute(module.context(), "target-features", text(arch.features()));
        function.set_text_attribute(
            module.context(),
            "warn-stack-size",
            &FRAME_BYTES.to_string(),
        );
        // The pointer that a long result is written through is an ordinary argument; the backend refuses it under this name.
        function.remove_parameter_attribute("sret");
        for call in function
            .instructions()
            .into_iter()
            .filter(|instruction| instruction.is_call())
        {
            call.remove_argument_attribute("sret");
        }
        // Only the memory functions must not be recognised as themselves; elsewhere this would forbid inlining.
        if !check::MEMORY_FUNCTIONS.contains(&function.name().as_str()) {
            function.remove_text_attribute("no-builtins");
        }
    }
}

/// Generates code and takes every complaint for a refusal, but those about functions that the builtins define.
fn generate(module: &Module<'_>, machine: &TargetMachine) -> Result<Vec<u8>> {
    let context = module.context();
    context.take_diagnostics();
    let object = machine.emit_object(module)?;
    let expected = |text: &str| {
        check::MEMORY_FUNCTIONS.iter().any(|name| {
            text.ends_with(&format!(
                "A call to built-in function '{name}' is not supported."
            ))
        })
    };
    let mut complaints: Vec<_> = context
        .take_diagnostics()
        .into_iter()
        .map(|diagnostic| diagnostic.text)
        .filter(|text| !expected(text))
        .collect();
    // The backend repeats, for every access beyond the limit, what it also says once for each frame.
    if complaints
        .iter()
        .any(|text| text.contains("stack frame size"))
    {
        complaints.retain(|text| !text.contains("BPF stack limit"));
    }
    complaints.dedup();
    if !complaints.is_empty() {
        bail!(
            "LLVM cannot generate code that the SVM can run:\n  - {}\n\
             A frame has {FRAME_BYTES} bytes: box what is large, or split the function and mark the part #[inline(never)].",
            complaints.join("\n  - ")
        );
    }
    Ok(object)
}
