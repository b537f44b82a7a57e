//! The shown rows as a file: CSV with the titles of the columns, JSON with the class's own property names.

use std::path::Path;

/// The form of an exported file, told by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

impl Format {
    /// By the ending of the file's name; anything else is an error in words.
    pub fn of(path: &Path) -> Result<Self, String> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            _ => Err("the file's name must end in .csv or .json".to_owned()),
        }
    }
}

/// CSV text of a heading and rows.
pub fn csv<'a>(
    heads: impl Iterator<Item = &'a str>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let words = |error: csv::Error| error.to_string();
    writer.write_record(heads).map_err(words)?;
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| unarmed(cell).into_owned()))
            .map_err(words)?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// A spreadsheet runs a cell that begins like a formula; a blank before it keeps it text.
fn unarmed(cell: &str) -> std::borrow::Cow<'_, str> {
    let formula = cell.starts_with(['=', '@', '\t', '\r'])
        || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err());
    if formula {
        format!(" {cell}").into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_run_as_formulas() {
        let rows = [vec![
            "a,\"b".to_owned(),
            "=cmd()".to_owned(),
            "-5".to_owned(),
        ]];
        assert_eq!(
            csv(["Name", "Command", "N"].into_iter(), rows.into_iter()).unwrap(),
            "Name,Command,N\n\"a,\"\"b\", =cmd(),-5\n"
        );
    }

    #[test]
    fn the_name_tells_the_form() {
        assert_eq!(Format::of(Path::new("a.CSV")), Ok(Format::Csv));
        assert_eq!(Format::of(Path::new("a.json")), Ok(Format::Json));
        assert!(Format::of(Path::new("a.txt")).is_err());
    }
}
