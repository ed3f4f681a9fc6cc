//! docs/scenario.svg: three panels that share the year's days, and what happened marked in all of them.

use {
    super::{
        chronicle::{Chronicle, Entry, Kind},
        measure::Sample,
        plan::DAY,
    },
    plotters::prelude::*,
    specie::constants::UNITS_PER_SCU,
};

/// Size in dots; it is shown at half of it, so that lines are finer than a pixel.
const SIZE: (u32, u32) = (2_400, 2_160);
/// Where the panels' left and right ends are.
const LEFT: u32 = 150;
const RIGHT: u32 = 40;
const MARGIN: u32 = 24;
/// Heights of the labels' strip and of the panels.
const STRIP: u32 = 200;
const PANELS: [u32; 3] = [520, 760, 680];
/// The least height of a row of labels, and the width of a letter in them.
const ROW: i32 = 34;
const LETTER: i32 = 14;
/// Where the axis of percentages begins and ends: what is beyond its end is drawn at its edge.
const PERCENT_MAX: f64 = 140.0;
const PERCENT_MIN: f64 = 60.0;

const INK: RGBColor = RGBColor(31, 35, 40);
const FAINT: RGBColor = RGBColor(216, 222, 228);
const BLUE: RGBColor = RGBColor(0, 114, 178);
const GREEN: RGBColor = RGBColor(0, 158, 115);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const RED: RGBColor = RGBColor(194, 24, 7);
const PURPLE: RGBColor = RGBColor(153, 80, 160);
const GREY: RGBColor = RGBColor(125, 133, 144);

type Canvas<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// One line of a panel: what it is called, its colour, and its value in a sample.
type Series = (&'static str, RGBColor, fn(&Sample) -> f64);

/// Draws the year.
pub(super) fn draw(samples: &[Sample], chronicle: &Chronicle) -> String {
    let mut svg = String::new();
    let canvas = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
    draw_on(&canvas, samples, chronicle).expect("a drawing in memory");
    drop(canvas);
    let (width, height) = SIZE;
    svg.replacen(
        &format!(r#"width="{width}" height="{height}""#),
        &format!(r#"width="{}" height="{}""#, width / 2, height / 2),
        1,
    )
}

fn draw_on(canvas: &Canvas, samples: &[Sample], chronicle: &Chronicle) -> Drawn {
    canvas.fill(&WHITE)?;
    let (strip, below) = canvas.split_vertically(STRIP);
    let (price, below) = below.split_vertically(PANELS[0]);
    let (shares, amounts) = below.split_vertically(PANELS[1]);
    let marked: Vec<&Entry> = chronicle
        .entries
        .iter()
        .filter(|e| e.label.is_some())
        .collect();

    let dollars: Vec<f64> = samples.iter().map(|s| s.price as f64 / 1e6).collect();
    let least = dollars.iter().copied().fold(f64::INFINITY, f64::min);
    let most = dollars.iter().copied().fold(0.0, f64::max);
    let days = 0.0..samples.len() as f64 / DAY as f64;
    let mut chart =
        panel(&price).build_cartesian_2d(days.clone(), (least * 0.8..most * 1.25).log_scale())?;
    chart
        .configure_mesh()
        .x_labels(13)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_desc("price of an SCU, $ (log)")
        .y_label_formatter(&|y| format!("{y}"))
        .label_style(text(24))
        .axis_desc_style(text(26))
        .max_light_lines(1)
        .light_line_style(WHITE)
        .bold_line_style(FAINT)
        .axis_style(GREY)
        .draw()?;
    let points = dollars.iter().enumerate().map(|(step, y)| (day(step), *y));
    chart.draw_series(LineSeries::new(points, BLUE.stroke_width(3)))?;

    lines(
        &shares,
        samples,
        "of all claims, %",
        PERCENT_MIN..PERCENT_MAX,
        SeriesLabelPosition::LowerLeft,
        &[
            (
                "in cash: collateral and insurance at the price (beyond 140 % cut off)",
                ORANGE,
                |s| (s.cash_share() * 100.0).min(PERCENT_MAX),
            ),
            ("backing: what a token stands for, of its face", RED, |s| {
                s.backing_share() * 100.0
            }),
            ("in kind: compute that vaults still deliver", GREEN, |s| {
                s.kind_share() * 100.0
            }),
        ],
    )?;
    let largest = samples
        .iter()
        .map(|s| thousands(s.capacity))
        .fold(0.0, f64::max);
    lines(
        &amounts,
        samples,
        "thousand SCU",
        0.0..largest * 1.1,
        SeriesLabelPosition::MiddleLeft,
        &[
            ("capacity pledged", GREY, |s| thousands(s.capacity)),
            ("tokens", BLUE, |s| thousands(s.supply)),
            ("open vouchers", PURPLE, |s| thousands(s.open)),
        ],
    )?;
    mark(canvas, &strip, &marked, samples.len())
}

/// A panel of several lines with a legend.
fn lines(
    area: &Canvas,
    samples: &[Sample],
    title: &str,
    range: std::ops::Range<f64>,
    legend: SeriesLabelPosition,
    series: &[Series],
) -> Drawn {
    let days = 0.0..samples.len() as f64 / DAY as f64;
    let mut chart = panel(area).build_cartesian_2d(days, range)?;
    chart
        .configure_mesh()
        .x_labels(13)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_desc(title)
        .y_label_formatter(&|y| format!("{y:.0}"))
        .x_desc("day")
        .label_style(text(24))
        .axis_desc_style(text(26))
        .max_light_lines(1)
        .light_line_style(WHITE)
        .bold_line_style(FAINT)
        .axis_style(GREY)
        .draw()?;
    for (name, colour, value) in series {
        let (colour, value) = (*colour, *value);
        let points: Vec<_> = samples.iter().map(value).enumerate().collect();
        let points = bends(&points).map(|(step, y)| (day(step), y));
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(4)))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 36, y)], colour.stroke_width(6)));
    }
    chart
        .configure_series_labels()
        .position(legend)
        .legend_area_size(44)
        .background_style(WHITE.mix(0.85))
        .label_font(text(24))
        .draw()?;
    Ok(())
}

/// The points of a line without those between two of the same height, which make it longer and no different.
fn bends(points: &[(usize, f64)]) -> impl Iterator<Item = (usize, f64)> {
    let bend = |index: &usize| {
        let near = points.get(index.saturating_sub(1)..index + 2);
        near.is_none_or(|near| near.windows(2).any(|pair| pair[0].1 != pair[1].1) || near.len() < 3)
    };
    let kept: Vec<usize> = (0..points.len()).filter(bend).collect();
    kept.into_iter().map(|index| points[index])
}

/// Lines down through all panels where something happened, and in the strip above what it was.
fn mark(canvas: &Canvas, strip: &Canvas, marked: &[&Entry], steps: usize) -> Drawn {
    let width = SIZE.0 - LEFT - RIGHT;
    let bottom = (STRIP + PANELS.iter().sum::<u32>()) as i32 - 70;
    let mut rows: Vec<i32> = vec![0; (STRIP as i32 - 20) as usize / ROW as usize];
    for entry in marked {
        let label = entry.label.as_deref().unwrap_or_default();
        let colour = colour(entry.kind);
        let x = LEFT as i32 + (entry.step as f64 / steps as f64 * f64::from(width)) as i32;
        let needs = label.chars().count() as i32 * LETTER + 20;
        // To the left of its line where there is no room to the right.
        let left = if x + needs > SIZE.0 as i32 {
            x - needs
        } else {
            x
        };
        let row = rows.iter().position(|end| *end <= left).unwrap_or(0);
        rows[row] = left + needs;
        let y = STRIP as i32 - (row as i32 + 1) * ROW;
        let line = [(x, y + 4), (x, bottom)];
        canvas.draw(&PathElement::new(line, colour.mix(0.55).stroke_width(2)))?;
        strip.draw(&Text::new(
            label.to_owned(),
            (left + 6, y),
            text(26).color(&colour),
        ))?;
    }
    Ok(())
}

fn panel<'a, 'b>(area: &'a Canvas<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut chart = ChartBuilder::on(area);
    chart
        .margin_left(MARGIN)
        .margin_right(RIGHT)
        .margin_top(10)
        .x_label_area_size(70)
        .y_label_area_size(LEFT - MARGIN);
    chart
}

fn colour(kind: Kind) -> RGBColor {
    match kind {
        Kind::Crash => BLUE,
        Kind::Failure | Kind::Default => RED,
        Kind::Standard => PURPLE,
        Kind::MarginCall | Kind::Note => GREY,
    }
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

fn day(step: usize) -> f64 {
    step as f64 / DAY as f64
}

fn thousands(units: u64) -> f64 {
    units as f64 / (1_000 * UNITS_PER_SCU) as f64
}
