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
