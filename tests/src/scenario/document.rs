use super::Stage;
pub(super) fn write(stage: &Stage) -> String {
    let mut out = String::new();
    for (i, s) in stage.samples.iter().enumerate().step_by(20) {
        out += &format!(
            "{} price {} supply {} claims {} kind {:.4} cash {:.3} cap {} open {} a{} c{} d{} thin {:.3}\n",
            i / 4,
            s.price,
            s.supply / 1000000,
            s.claims / 1000000,
            s.kind_share(),
            s.cash_share(),
            s.capacity / 1000000,
            s.open / 1000000,
            s.active,
            s.called,
            s.defaulted,
            s.thinnest
        );
    }
    for e in &stage.chronicle.entries {
        out += &format!("{} {}\n", e.step as f64 / 4.0, e.text);
    }
    let c = &stage.chronicle.counts;
    out += &format!(
        "sent {} purchases {} redemptions {} receipts {} reclaims {} attest {} dep {} with {} lag {}\n",
        c.sent,
        c.purchases,
        c.redemptions,
        c.receipts,
        c.reclaims,
        c.attestations,
        c.deposits,
        c.withdrawals,
        c.price_lagged
    );
    out
}
