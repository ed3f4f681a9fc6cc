//! What is decided before the year begins: its steps, its crashes, its vendors and what becomes of them.

use specie_client::{state::Params, units::Seconds};

/// Seconds of a step.
pub(super) const STEP: i64 = 6 * 3_600;
/// Steps of a day.
pub(super) const DAY: usize = 4;
/// Steps of the year.
pub(super) const STEPS: usize = 365 * DAY;
/// What the year's keys and chances follow from.
pub(super) const SEED: u64 = 2_009;
/// Reference price on the first day, in collateral base units per SCU.
pub(super) const FIRST_PRICE: f64 = 2_000_000.0;

/// TFLOP/s of one accelerator of the mainstream class when the year begins, which the Standard counts in.
pub(super) const MAINSTREAM: u64 = 790;
/// TFLOP/s of one accelerator of the next generation.
pub(super) const NEXT_GENERATION: u64 = 2_250;
/// The Standard before and after its rise: 10 %.
pub(super) const STANDARD: u64 = MAINSTREAM * 3_600;
pub(super) const RAISED_STANDARD: u64 = STANDARD + STANDARD / 10;
/// When the rise is announced; it may be executed 90 days later.
pub(super) const STANDARD_ANNOUNCED: usize = 130 * DAY;

/// When all attestors fall silent, and when they are back.
pub(super) const SILENCE: std::ops::Range<usize> = 61 * DAY..63 * DAY;

/// The rules: the program's defaults, with prices that may be as old as a step is long, since that is how often the
/// replay's attestors post them.
pub(super) fn rules() -> Params {
    Params {
        price_max_age: Seconds::new(STEP as u32),
        ..Params::default()
    }
}

/// A crash of crypto history, laid over price and demand.
#[derive(Clone, Copy)]
pub(super) struct Crash {
    /// The crash in history that it replays.
    pub(super) name: &'static str,
    /// What the plot calls it.
    pub(super) label: &'static str,
    /// The step in which it begins.
    pub(super) at: usize,
    /// Steps until the bottom.
    pub(super) fall: usize,
    /// What is left of the price at the bottom.
    pub(super) bottom: f64,
    /// Steps from the bottom until the price has recovered.
    pub(super) recovery: usize,
    /// What it recovers to.
    pub(super) recovered: f64,
    /// What is left of demand while it lasts.
    pub(super) demand: f64,
    /// By how much redemptions multiply at the bottom.
    pub(super) run: f64,
}

/// The five crashes, in the order of history.
pub(super) const CRASHES: [Crash; 5] = [
    Crash {
        name: "19 June 2011, Mt. Gox: −99 %",
        label: "−99 %",
        at: 45 * DAY,
        fall: 1,
        bottom: 0.01,
        recovery: 3 * DAY,
        recovered: 0.85,
        demand: 0.05,
        run: 6.0,
    },
    Crash {
        name: "April 2013: −83 % within days",
        label: "−83 %",
        at: 100 * DAY,
        fall: 4 * DAY,
        bottom: 0.17,
        recovery: 40 * DAY,
        recovered: 0.75,
        demand: 0.1,
        run: 5.0,
    },
    Crash {
        name: "12 March 2020: −50 % in a day",
        label: "−50 %",
        at: 170 * DAY,
        fall: DAY,
        bottom: 0.5,
        recovery: 45 * DAY,
        recovered: 0.95,
        demand: 0.2,
        run: 4.0,
    },
    Crash {
        name: "May 2021: −53 % over weeks",
        label: "−53 %",
        at: 240 * DAY,
        fall: 21 * DAY,
        bottom: 0.47,
        recovery: 32 * DAY,
        recovered: 0.9,
        demand: 0.3,
        run: 2.5,
    },
    Crash {
        name: "10 October 2025: −13 % in a day",
        label: "−13 %",
        at: 325 * DAY,
        fall: DAY,
        bottom: 0.87,
        recovery: 15 * DAY,
        recovered: 0.96,
        demand: 0.5,
        run: 2.0,
    },
];

/// What becomes of a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It serves to the end.
    Steady,
    /// Half of its accelerators are gone in this step; it replaces them in time.
    HalvedAndCured { at: usize, replaced: usize },
    /// It signs no vouchers in these steps, and answers no challenge.
    Refuses { from: usize, until: usize },
    /// It adds nothing for the raised Standard until it is margin-called.
    Complacent,
    /// From this step on it does nothing.
    Vanishes { at: usize },
    /// At the bottom of a crash it issues all that its thin collateral allows, and vanishes when the price has recovered.
    IssuesCheapAndVanishes { issues: usize, at: usize },
}

/// A vendor before it has done anything.
#[derive(Clone, Copy)]
pub(super) struct VendorPlan {
    pub(super) name: &'static str,
    /// How many accelerators it pledges.
    pub(super) accelerators: u64,
    /// TFLOP/s of each.
    pub(super) generation: u64,
    /// When it joins.
    pub(super) joins: usize,
    /// For how many days ahead it pledges, each time it is attested.
    pub(super) pledge_days: i64,
    /// Share of its capacity that it sells.
    pub(super) sells: f64,
    /// Collateral that it wants to hold, of the value of all that it owes.
    pub(super) cushion: f64,
    /// How readily buyers buy from it.
    pub(super) allure: f64,
    /// How readily holders redeem at it.
    pub(super) popularity: f64,
    pub(super) fate: Fate,
}

const fn vendor(name: &'static str, accelerators: u64, cushion: f64) -> VendorPlan {
    VendorPlan {
        name,
        accelerators,
        generation: MAINSTREAM,
        joins: 0,
        pledge_days: 60,
        sells: 0.85,
        cushion,
        allure: 1.0,
        popularity: 1.0,
        fate: Fate::Steady,
    }
}

const fn joining(name: &'static str, accelerators: u64, day: usize) -> VendorPlan {
    VendorPlan {
        generation: NEXT_GENERATION,
        joins: day * DAY,
        ..vendor(name, accelerators, 0.45)
    }
}

/// Everyone who sells in the year: 24 vendors from the beginning, six of the next generation later.
pub(super) const VENDORS: [VendorPlan; 30] = [
    vendor("Alder", 8, 0.40),
    vendor("Ash", 8, 0.45),
    vendor("Aspen", 16, 0.40),
    vendor("Beech", 16, 0.50),
    VendorPlan {
        fate: Fate::Refuses {
            from: 78 * DAY,
            until: 84 * DAY,
        },
        ..vendor("Birch", 16, 0.60)
    },
    vendor("Cedar", 24, 0.40),
    vendor("Cherry", 24, 0.45),
    vendor("Cypress", 32, 0.40),
    VendorPlan {
        fate: Fate::HalvedAndCured {
            at: 60 * DAY,
            replaced: 64 * DAY,
        },
        allure: 5.0,
        popularity: 0.3,
        ..vendor("Elm", 32, 0.40)
    },
    vendor("Fir", 32, 0.50),
    vendor("Hazel", 32, 0.40),
    vendor("Hemlock", 40, 0.45),
    VendorPlan {
        fate: Fate::Complacent,
        sells: 0.89,
        allure: 6.0,
        popularity: 0.0,
        ..vendor("Holly", 48, 0.40)
    },
    vendor("Juniper", 48, 0.40),
    VendorPlan {
        fate: Fate::Vanishes { at: 170 * DAY + 2 },
        popularity: 0.4,
        ..vendor("Larch", 48, 0.70)
    },
    vendor("Linden", 64, 0.40),
    vendor("Maple", 64, 0.45),
    vendor("Oak", 64, 0.60),
    vendor("Pine", 80, 0.40),
    VendorPlan {
        fate: Fate::Vanishes { at: 250 * DAY },
        popularity: 3.0,
        ..vendor("Poplar", 80, 0.60)
    },
    vendor("Rowan", 96, 0.40),
    vendor("Spruce", 112, 0.45),
    VendorPlan {
        fate: Fate::IssuesCheapAndVanishes {
            issues: 261 * DAY,
            at: 294 * DAY,
        },
        sells: 0.35,
        popularity: 0.0,
        ..vendor("Willow", 128, 0.36)
    },
    vendor("Yew", 128, 0.40),
    joining("Acacia", 16, 90),
    joining("Baobab", 24, 145),
    joining("Ginkgo", 32, 185),
    joining("Kauri", 32, 215),
    joining("Magnolia", 48, 235),
    joining("Sequoia", 64, 280),
];
