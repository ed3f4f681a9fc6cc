//! `[cors]`: which web pages may ask this gateway.

use super::ConfigError;
use super::file::setting;
use crate::offer::Origins;
use serde::Deserialize;

/// What stands for every origin.
const ANY: &str = "*";

/// Which web pages may ask this gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CorsSection {
    /// Origins, as `https://host` or `https://host:port`; `"*"` is every page, an empty list none.
    pub origins: Vec<String>,
}

impl Default for CorsSection {
    fn default() -> Self {
        Self {
            origins: vec![ANY.to_owned()],
        }
    }
}

impl CorsSection {
    /// The origins, each checked to be written as a browser writes it: another spelling would never match.
    pub fn origins(&self) -> Result<Origins, ConfigError> {
        if self.origins == [ANY] {
            return Ok(Origins::Any);
        }
        for origin in &self.origins {
            if origin == ANY {
                let problem =
                    "names \"*\" beside other origins: name \"*\" alone, or the origins alone";
                return Err(setting("cors.origins", problem));
            }
            let written = reqwest::Url::parse(origin)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .map(|url| url.origin().ascii_serialization());
            match written {
                Some(written) if written == *origin => {}
                Some(written) => {
                    let problem = format!("names {origin:?}, which a browser writes {written:?}");
                    return Err(setting("cors.origins", problem));
                }
                None => {
                    let problem =
                        format!("names {origin:?}, which is not https://host or https://host:port");
                    return Err(setting("cors.origins", problem));
                }
            }
        }
        Ok(Origins::Listed(self.origins.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(given: &[&str]) -> Result<Origins, String> {
        let origins = given.iter().map(|&origin| origin.to_owned()).collect();
        let section = CorsSection { origins };
        section.origins().map_err(|error| error.to_string())
    }

    #[test]
    fn every_page_may_ask_where_nothing_is_said() {
        assert_eq!(CorsSection::default().origins().unwrap(), Origins::Any);
    }

    #[test]
    fn origins_are_taken_as_a_browser_writes_them() {
        let listed = ["https://a.example", "http://127.0.0.1:5173"];
        let expected = listed.map(str::to_owned).to_vec();
        assert_eq!(origins(&listed), Ok(Origins::Listed(expected)));
        assert_eq!(origins(&[]), Ok(Origins::Listed(Vec::new())));
    }

    #[test]
    fn an_origin_that_no_browser_writes_so_rejects() {
        for (given, said) in [
            ("https://a.example/", "writes \"https://a.example\""),
            ("https://A.example", "writes \"https://a.example\""),
            ("https://a.example:443", "writes \"https://a.example\""),
            ("https://a.example/page", "writes \"https://a.example\""),
            ("a.example", "is not https://host"),
            ("null", "is not https://host"),
            ("file:///x", "is not https://host"),
        ] {
            let refusal = origins(&[given]).unwrap_err();
            assert!(
                refusal.contains("setting cors.origins") && refusal.contains(said),
                "{refusal}"
            );
        }
        assert!(
            origins(&["*", "https://a.example"])
                .unwrap_err()
                .contains("alone")
        );
    }
}
