//! Arithmetic that the BPF backend cannot lower, replaced by calls of `sbf-builtins`.

use anyhow::{Result, bail};

use crate::{
    llvm::{Builder, Context, Function, Instruction, Module, Opcode, Type, Value},
    passes::check::BUILTIN_PREFIX,
};

/// What stands in for an instruction.
#[derive(Clone, Copy)]
enum Replacement {
    /// A builtin of the operands and result, both widened to `bits`.
    Operation {
        builtin: &'static str,
        bits: u32,
        signed: bool,
    },
    /// A multiplication, and a builtin that tells whether it overflows.
    OverflowTest { builtin: &'static str, bits: u32 },
}

/// Replaces every operation that has a builtin. Says how many there were.
pub(crate) fn replace_wide_operations(module: &mut Module<'_>) -> usize {
    let mut count = 0;
    for function in module.functions() {
        let mut replacer = Replacer {
            module,
            function,
            slot: None,
        };
        for instruction in function.instructions() {
            if let Some(replacement) = replacement(instruction) {
                replacer.replace(instruction, replacement);
                count += 1;
            }
        }
    }
    count
}

fn replacement(instruction: Instruction<'_>) -> Option<Replacement> {
    if instruction.is_call() {
        return intrinsic(&instruction.callee()?.name());
    }
    let bits = instruction.ty().int_bits()?;
    let opcode = instruction.opcode();
    let operation = |builtin, bits, signed| {
        Some(Replacement::Operation {
            builtin,
            bits,
            signed,
        })
    };
    match (opcode, bits) {
        (Opcode::LLVMSDiv, ..=64) => operation("__sbf_sdiv_i64", 64, true),
        (Opcode::LLVMSRem, ..=64) => operation("__sbf_srem_i64", 64, true),
        (_, ..=64 | 129..) => None,
        (Opcode::LLVMMul, _) => operation("__sbf_mul_i128", 128, false),
        (Opcode::LLVMUDiv, _) => operation("__sbf_udiv_i128", 128, false),
        (Opcode::LLVMURem, _) => operation("__sbf_urem_i128", 128, false),
        (Opcode::LLVMSDiv, _) => operation("__sbf_sdiv_i128", 128, true),
        (Opcode::LLVMSRem, _) => operation("__sbf_srem_i128", 128, true),
        // A constant amount is lowered to shifts of the words.
        (Opcode::LLVMShl | Opcode::LLVMLShr | Opcode::LLVMAShr, _)
            if instruction.operand(1).is_constant_int() =>
        {
            None
        }
        (Opcode::LLVMShl, _) => operation("__sbf_shl_i128", 128, false),
        (Opcode::LLVMLShr, _) => operation("__sbf_lshr_i128", 128, false),
        (Opcode::LLVMAShr, _) => operation("__sbf_ashr_i128", 128, true),
        _ => None,
    }
}

fn intrinsic(name: &str) -> Option<Replacement> {
    let test = |builtin, bits| Some(Replacement::OverflowTest { builtin, bits });
    match name {
        "llvm.umul.with.overflow.i64" => test("__sbf_umul_overflows_i64", 64),
        "llvm.smul.with.overflow.i64" => test("__sbf_smul_overflows_i64", 64),
        "llvm.umul.with.overflow.i128" => test("__sbf_umul_overflows_i128", 128),
        "llvm.smul.with.overflow.i128" => test("__sbf_smul_overflows_i128", 128),
        _ => None,
    }
}

/// Replaces instructions of one function.
struct Replacer<'m, 'ctx> {
    module: &'m Module<'ctx>,
    function: Function<'ctx>,
    /// Where 128-bit results arrive: one place in the frame serves every call. Inlining dissolves it.
    slot: Option<Value<'ctx>>,
}

impl<'ctx> Replacer<'_, 'ctx> {
    fn replace(&mut self, instruction: Instruction<'ctx>, replacement: Replacement) {
        let context: &'ctx Context = self.module.context();
        let builder = Builder::before(context, instruction);
        let (a, b) = (instruction.operand(0), instruction.operand(1));
        let value = match replacement {
            Replacement::Operation {
                builtin,
                bits,
                signed,
            } => {
                let wide = context.int(bits);
                let widen = |value, signed| {
                    if signed {
                        builder.sign_extend(value, wide)
                    } else {
                        builder.zero_extend(value, wide)
                    }
                };
                // The amount of a shift is never negative.
                let is_shift = instruction.opcode() == Opcode::LLVMAShr;
                let (a, b) = (widen(a, signed), widen(b, signed && !is_shift));
                builder.truncate(self.call(&builder, builtin, wide, a, b), instruction.ty())
            }
            Replacement::OverflowTest { builtin, bits } => {
                let overflows = self.call(&builder, builtin, context.int(1), a, b);
                let product = match bits {
                    128 => self.call(&builder, "__sbf_mul_i128", context.int(128), a, b),
                    _ => builder.multiply(a, b),
                };
                let pair = builder.insert_field(instruction.ty().undefined(), product, 0);
                builder.insert_field(pair, overflows, 1)
            }
        };
        instruction.replace_with(value);
    }

    /// Calls a builtin the way rustc compiled it: results beyond a word are written through a first pointer.
    fn call(
        &mut self,
        builder: &Builder<'ctx>,
        builtin: &str,
        result: Type<'ctx>,
        a: Value<'ctx>,
        b: Value<'ctx>,
    ) -> Value<'ctx> {
        let context: &'ctx Context = self.module.context();
        if result != context.int(128) {
            return builder.call(
                self.module.declare(builtin, result, &[a.ty(), b.ty()]),
                &[a, b],
            );
        }
        let function = self.function;
        let slot = *self
            .slot
            .get_or_insert_with(|| Builder::at_entry(context, function).alloca(result));
        let builtin = self.module.declare(
            builtin,
            context.void(),
            &[context.pointer(), a.ty(), b.ty()],
        );
        builder.call(builtin, &[slot, a, b]);
        builder.load(result, slot)
    }
}

/// That the builtins define every operation that `module` calls, with the signature of the call: LLVM
/// links functions by their names alone.
pub(crate) fn check_builtins(module: &Module<'_>, builtins: &Module<'_>) -> Result<()> {
    for wanted in module
        .functions()
        .into_iter()
        .filter(|function| function.name().starts_with(BUILTIN_PREFIX))
    {
        let name = wanted.name();
        let found: Option<Function<'_>> = builtins
            .function(&name)
            .filter(|function| !function.is_declaration());
        match found {
            None => {
                bail!("sbf-builtins lacks {name}: add it there, or do not replace operations by it")
            }
            Some(found) if found.signature() != wanted.signature() => {
                bail!(
                    "{name} is called as {} and sbf-builtins defines it as {}",
                    wanted.signature(),
                    found.signature()
                )
            }
            Some(_) => {}
        }
    }
    Ok(())
}
