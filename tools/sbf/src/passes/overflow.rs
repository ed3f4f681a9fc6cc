//! Sums that are compared with what was added: whether an addition overflows.
//!
//! The code generator recognises the two as an addition that tells of its overflow, as processors with a carry flag have it.
//! sBPF has none: it makes a number of the answer, and a branch on that number, four instructions where the comparison
//! would branch by itself. What is frozen it does not recognise, and freezing costs nothing.

use crate::llvm::{Builder, Instruction, Module, Opcode, Value};

/// Freezes what is compared with a part of itself. Says how many sums there were.
pub(crate) fn keep_comparisons(module: &mut Module<'_>) -> usize {
    let mut count = 0;
    for function in module.functions() {
        for instruction in function.instructions() {
            if let Some(index) = sum(instruction) {
                let builder = Builder::before(module.context(), instruction);
                let frozen = builder.freeze(instruction.operand(index));
                instruction.set_operand(index, frozen);
                count += 1;
            }
        }
    }
    count
}

/// Which operand of a comparison is a sum of the other and something else.
fn sum(instruction: Instruction<'_>) -> Option<u32> {
    if instruction.opcode() != Opcode::LLVMICmp {
        return None;
    }
    let operands = [instruction.operand(0), instruction.operand(1)];
    let is_sum = |value: Value<'_>, part: Value<'_>| {
        value
            .as_instruction()
            .is_some_and(|sum| sum.opcode() == Opcode::LLVMAdd && sum.operands().contains(&part))
    };
    if is_sum(operands[0], operands[1]) {
        Some(0)
    } else if is_sum(operands[1], operands[0]) {
        Some(1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llvm::Context;

    /// How many sums are frozen where a function of `%a` and `%b` compares so.
    fn frozen(comparison: &str) -> usize {
        let context = Context::new();
        let text = format!(
            "define i1 @of(i64 %a, i64 %b) {{\n  %sum = add i64 %a, %b\n  %is = icmp {comparison}\n  ret i1 %is\n}}"
        );
        let mut module = Module::from_ir(&context, &text).unwrap();
        let count = keep_comparisons(&mut module);
        module.verify().unwrap();
        assert_eq!(module.to_ir().matches("freeze i64 %sum").count(), count);
        count
    }

    #[test]
    fn a_sum_compared_with_its_part_is_frozen_and_no_other() {
        assert_eq!(frozen("ult i64 %sum, %a"), 1);
        assert_eq!(frozen("ugt i64 %b, %sum"), 1);
        assert_eq!(frozen("slt i64 %sum, %b"), 1);
        assert_eq!(frozen("ult i64 %sum, 7"), 0);
        assert_eq!(frozen("ult i64 %a, %b"), 0);
    }
}
