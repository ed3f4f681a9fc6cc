//! What must stop the build does, and says which function is meant.

use super::*;

/// Links a program written in LLVM's text, with builtins that define nothing.
fn link_text(text: &str) -> Result<Vec<u8>> {
    let context = Context::new();
    let text = format!("target triple = \"bpfel\"\n{text}");
    let program = Module::from_ir(&context, &text)?.to_bitcode();
    let builtins = Module::empty(&context, "builtins").to_bitcode();
    link(
        &program,
        &builtins,
        &Options {
            arch: Arch::V3,
            keep_ir: None,
        },
    )
}

fn refusal(text: &str) -> String {
    match link_text(text) {
        Ok(_) => panic!("this must not become a program:\n{text}"),
        Err(error) => format!("{error:#}"),
    }
}

#[track_caller]
fn assert_refused(text: &str, wanted: &[&str]) {
    let refusal = refusal(text);
    for wanted in wanted {
        assert!(
            refusal.contains(wanted),
            "`{wanted}` is missing in:\n{refusal}"
        );
    }
}

/// Keeps a body alive: the SVM's input is unknown to the optimiser.
const CALLS_SIX: &str = "
define i64 @_ZN6specie4math3six17h0123456789abcdefE(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f) noinline {
  %done = icmp eq i64 %a, 0
  br i1 %done, label %end, label %again
again:
  %less = sub i64 %a, 1
  %g = mul i64 %b, %c
  %x = call i64 @_ZN6specie4math3six17h0123456789abcdefE(i64 %less, i64 %c, i64 %d, i64 %e, i64 %f, i64 %g)
  %y = call i64 @_ZN6specie4math3six17h0123456789abcdefE(i64 %x, i64 %d, i64 %e, i64 %f, i64 %g, i64 %b)
  %z = xor i64 %x, %y
  ret i64 %z
end:
  %s = add i64 %f, %e
  ret i64 %s
}
define i64 @entrypoint(ptr %in) {
  %a = load volatile i64, ptr %in
  %b = load volatile i64, ptr %in
  %c = load volatile i64, ptr %in
  %d = load volatile i64, ptr %in
  %e = load volatile i64, ptr %in
  %f = load volatile i64, ptr %in
  %r = call i64 @_ZN6specie4math3six17h0123456789abcdefE(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f)
  ret i64 %r
}";

#[test]
fn recursion_with_six_arguments_is_refused() {
    assert_refused(
        CALLS_SIX,
        &["specie::math::six takes 6 argument slots", "SVM passes 5"],
    );
}

#[test]
fn six_arguments_that_can_be_inlined_are_no_obstacle() {
    let text = "
define i64 @six(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f) noinline {
  %s = add i64 %a, %f
  %t = xor i64 %s, %e
  ret i64 %t
}
define i64 @entrypoint(ptr %in) {
  %a = load volatile i64, ptr %in
  %r = call i64 @six(i64 %a, i64 1, i64 2, i64 3, i64 %a, i64 %a)
  %q = call i64 @six(i64 %r, i64 1, i64 2, i64 3, i64 %a, i64 %r)
  ret i64 %q
}";
    assert!(link_text(text).is_ok_and(|program| !program.is_empty()));
}

#[test]
fn a_call_of_six_arguments_through_a_pointer_is_refused() {
    let text = "
define i64 @entrypoint(ptr %in) {
  %f = load volatile ptr, ptr %in
  %r = call i64 %f(i64 1, i64 2, i64 3, i64 4, i64 5, i64 6)
  ret i64 %r
}";
    assert_refused(text, &["entrypoint: ", "passes 6 argument slots"]);
}

#[test]
fn five_arguments_and_a_long_result_are_six() {
    let text = "
define i128 @_ZN6specie4math4five17h0123456789abcdefE(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e) noinline {
  %done = icmp eq i64 %a, 0
  br i1 %done, label %end, label %again
again:
  %less = sub i64 %a, 1
  %g = xor i64 %b, %c
  %x = call i128 @_ZN6specie4math4five17h0123456789abcdefE(i64 %less, i64 %c, i64 %d, i64 %e, i64 %g)
  %y = call i128 @_ZN6specie4math4five17h0123456789abcdefE(i64 %less, i64 %d, i64 %e, i64 %g, i64 %b)
  %z = xor i128 %x, %y
  ret i128 %z
end:
  %low = zext i64 %e to i128
  %other = zext i64 %d to i128
  %high = shl i128 %other, 64
  %both = xor i128 %low, %high
  ret i128 %both
}
define i64 @entrypoint(ptr %in) {
  %a = load volatile i64, ptr %in
  %b = load volatile i64, ptr %in
  %c = load volatile i64, ptr %in
  %d = load volatile i64, ptr %in
  %e = load volatile i64, ptr %in
  %r = call i128 @_ZN6specie4math4five17h0123456789abcdefE(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e)
  store volatile i128 %r, ptr %in
  ret i64 0
}";
    assert_refused(text, &["specie::math::five takes 6 argument slots"]);
}

#[test]
fn a_frame_over_four_kilobytes_is_refused() {
    let text = "
declare i64 @sol_log_(ptr, i64)
define i64 @_ZN6specie4wide6banner17h0123456789abcdefE(i64 %n) noinline {
  %frame = alloca [4104 x i8], align 8
  %at = getelementptr i8, ptr %frame, i64 %n
  store volatile i64 %n, ptr %frame
  store volatile i8 1, ptr %at
  %r = call i64 @sol_log_(ptr %frame, i64 4104)
  ret i64 %r
}
define i64 @entrypoint(ptr %in) {
  %a = load volatile i64, ptr %in
  %r = call i64 @_ZN6specie4wide6banner17h0123456789abcdefE(i64 %a)
  %q = call i64 @_ZN6specie4wide6banner17h0123456789abcdefE(i64 %r)
  ret i64 %q
}";
    assert_refused(text, &["specie::wide::banner", "4096"]);
    // Eight bytes fewer fit.
    assert!(link_text(&text.replace("4104", "4088")).is_ok());
}

#[test]
fn a_frame_without_a_fixed_size_is_refused() {
    let text = "
declare i64 @sol_log_(ptr, i64)
define i64 @entrypoint(ptr %in) {
  %n = load volatile i64, ptr %in
  %frame = alloca i8, i64 %n
  %r = call i64 @sol_log_(ptr %frame, i64 %n)
  ret i64 %r
}";
    assert_refused(text, &["entrypoint: its stack frame has no fixed size"]);
}

/// A program whose entrypoint does one thing with values that the optimiser does not know.
fn with_body(declaration: &str, body: &str) -> String {
    format!(
        "{declaration}
define i64 @_ZN6specie4math4odds17h0123456789abcdefE(ptr %in) noinline {{
  %a = load volatile i128, ptr %in
  %b = load volatile i128, ptr %in
  %w = load volatile i64, ptr %in
{body}
  ret i64 0
}}
define i64 @entrypoint(ptr %in) {{
  %r = call i64 @_ZN6specie4math4odds17h0123456789abcdefE(ptr %in)
  %q = call i64 @_ZN6specie4math4odds17h0123456789abcdefE(ptr %in)
  ret i64 %q
}}"
    )
}

#[test]
fn operations_without_a_replacement_are_refused() {
    let odd = [
        (
            "declare i128 @llvm.fshl.i128(i128, i128, i128)",
            "%x = call i128 @llvm.fshl.i128(i128 %a, i128 %b, i128 %b)\n store volatile i128 %x, ptr %in",
        ),
        (
            "declare i128 @llvm.smul.fix.i128(i128, i128, i32)",
            "%x = call i128 @llvm.smul.fix.i128(i128 %a, i128 %b, i32 7)\n store volatile i128 %x, ptr %in",
        ),
        ("", "%x = atomicrmw add ptr %in, i64 1 seq_cst"),
        ("", "%x = cmpxchg ptr %in, i64 1, i64 2 seq_cst seq_cst"),
        (
            "",
            "%x = load volatile i256, ptr %in\n %y = mul i256 %x, %x\n store volatile i256 %y, ptr %in",
        ),
        (
            "",
            "%x = load volatile double, ptr %in\n %y = fadd double %x, %x\n store volatile double %y, ptr %in",
        ),
        (
            "declare i64 @__multi3(i64, i64)",
            "%x = call i64 @__multi3(i64 %w, i64 %w)\n store volatile i64 %x, ptr %in",
        ),
    ];
    for (declaration, body) in odd {
        assert_refused(&with_body(declaration, body), &["specie::math::odds"]);
    }
}

#[test]
fn replaced_operations_ask_for_their_builtin() {
    // The builtins of these tests define nothing, so that the name asked for shows what was replaced.
    let replaced = [
        ("%x = mul i128 %a, %b", "__sbf_mul_i128"),
        ("%x = udiv i128 %a, %b", "__sbf_udiv_i128"),
        ("%x = srem i128 %a, %b", "__sbf_srem_i128"),
        ("%x = shl i128 %a, %b", "__sbf_shl_i128"),
        (
            "%s = sdiv i64 %w, 7\n %x = sext i64 %s to i128",
            "__sbf_sdiv_i64",
        ),
        (
            "%n = load volatile i96, ptr %in\n %m = mul i96 %n, %n\n %x = zext i96 %m to i128",
            "__sbf_mul_i128",
        ),
        (
            "%n = load volatile i96, ptr %in\n %k = load volatile i96, ptr %in\n %m = ashr i96 %n, %k\n %x = zext i96 %m to i128",
            "__sbf_ashr_i128",
        ),
    ];
    for (body, builtin) in replaced {
        let text = with_body("", &format!("{body}\n store volatile i128 %x, ptr %in"));
        assert_refused(&text, &[&format!("sbf-builtins lacks {builtin}")]);
    }
}

#[test]
fn a_program_without_entrypoint_is_refused() {
    assert_refused(
        "define i64 @other() {\n ret i64 0\n}",
        &["defines no `entrypoint`"],
    );
}
