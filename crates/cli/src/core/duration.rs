//! Lengths of time, and points in it, as people read and write them.

/// Seconds from a length of time with its unit, like `90s`, `10m`, `1h30m` or `7d`, as humantime reads it.
pub(crate) fn parse(text: &str) -> Result<u32, String> {
    let error = || {
        format!(
            "{text:?} is not a length of time: write it with its unit, like 90s, 10m, 1h30m or 7d"
        )
    };
    let length = humantime::parse_duration(text).map_err(|_| error())?;
    if length.subsec_nanos() > 0 {
        return Err(error());
    }
    u32::try_from(length.as_secs()).map_err(|_| format!("{text} is too long"))
}

/// Seconds as `1d 2h 3m 4s`, without what is zero.
pub(crate) fn format(seconds: u64) -> String {
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    let text: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    if text.is_empty() {
        "0s".into()
    } else {
        text.join(" ")
    }
}

/// A Unix time as a date in UTC.
///
/// Days to dates by Howard Hinnant's `civil_from_days`, in years that begin in March, so that leap days come last.
pub(crate) fn format_time(unix: i64) -> String {
    let (days, seconds) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let from_epoch = days.saturating_add(719_468);
    let era = from_epoch.div_euclid(146_097);
    let day_of_era = from_epoch.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_and_written() {
        for (text, seconds) in [
            ("90s", 90),
            ("10m", 600),
            ("1h30m", 5_400),
            ("1.5h", 5_400),
            ("7d", 604_800),
        ] {
            assert_eq!(parse(text), Ok(seconds));
        }
        for text in ["", "90", "m", "1x", "1h30", "-5s", "1.5s", "99999999999d"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(format(0), "0s");
        assert_eq!(format(93_784), "1d 2h 3m 4s");
        assert_eq!(format(604_800), "7d");
    }

    #[test]
    fn times_are_dates() {
        for (unix, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_767_225_599, "2025-12-31 23:59:59 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
        ] {
            assert_eq!(format_time(unix), text);
        }
    }
}
