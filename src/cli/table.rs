//! Lists on standard output: a table as wide as the terminal, or data for other programs.
//!
//! Lines come in batches, so that a list of a million devices is written while it is read. The widths of a table follow
//! from its first batch.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::arguments::Form;
use super::out::plain;
use crate::client::listing::field::Form as ValueForm;
use crate::client::listing::{Align, Column, Field, FieldValue, Line, Width};

/// Space between two columns.
const GAP: usize = 2;

/// Writes lines of one kind, batch by batch.
pub struct Printer<W, L: Line> {
    out: W,
    form: Form,
    /// Cells of the terminal; `None` where nobody looks, and nothing is cut then.
    room: Option<usize>,
    /// The columns of a table and their widths, once they are known.
    layout: Option<Vec<(usize, usize)>>,
    written: usize,
    line: std::marker::PhantomData<L>,
}

impl<W: Write, L: Line> Printer<W, L> {
    pub fn new(out: W, form: Form, room: Option<usize>) -> Self {
        Self {
            out,
            form,
            room,
            layout: None,
            written: 0,
            line: std::marker::PhantomData,
        }
    }

    /// Writes some lines.
    pub fn lines(&mut self, lines: &[L]) -> io::Result<()> {
        match self.form {
            Form::Table | Form::Wide => self.rows(lines)?,
            Form::Json => self.objects(lines)?,
            Form::Csv => self.records(lines)?,
            Form::Name => {
                for line in lines {
                    writeln!(self.out, "{}", plain(&line.id()))?;
                }
            }
        }
        self.written += lines.len();
        self.out.flush()
    }

    /// Ends the list. An empty one is an empty array, a head without rows, or nothing.
    pub fn end(mut self) -> io::Result<usize> {
        match self.form {
            Form::Json if self.written == 0 => writeln!(self.out, "[]")?,
            Form::Json => writeln!(self.out, "\n]")?,
            Form::Csv if self.written == 0 => self.records(&[])?,
            _ => {}
        }
        self.out.flush()?;
        Ok(self.written)
    }

    fn objects(&mut self, lines: &[L]) -> io::Result<()> {
        for (index, line) in lines.iter().enumerate() {
            let first = self.written + index == 0;
            self.out.write_all(if first { b"[\n" } else { b",\n" })?;
            serde_json::to_writer(&mut self.out, &line.json())?;
        }
        Ok(())
    }

    fn records(&mut self, lines: &[L]) -> io::Result<()> {
        let mut records = csv::Writer::from_writer(&mut self.out);
        if self.written == 0 {
            let keys = L::COLUMNS.iter().map(|column| column.key);
            records.write_record(keys.chain(more_times::<L>().map(|field| field.key)))?;
        }
        for line in lines {
            let values = L::COLUMNS.iter().map(|column| bare(column.value(line)));
            let values = values.chain(more_times::<L>().map(|field| bare(field.reader()(line))));
            records.write_record(
                values
                    .collect::<Vec<_>>()
                    .iter()
                    .map(|value| value.as_bytes()),
            )?;
        }
        records.flush()
    }

    fn rows(&mut self, lines: &[L]) -> io::Result<()> {
        let layout = match self.layout.take() {
            Some(layout) => layout,
            None if lines.is_empty() => return Ok(()),
            None => {
                let layout = layout(lines, self.form == Form::Wide, self.room);
                self.row(&layout, |column: &Column<L>| Cow::Borrowed(column.title))?;
                layout
            }
        };
        for line in lines {
            self.row(&layout, |column| column.cell(line))?;
        }
        self.layout = Some(layout);
        Ok(())
    }

    fn row<'a>(
        &mut self,
        layout: &[(usize, usize)],
        cell: impl Fn(&'a Column<L>) -> Cow<'a, str>,
    ) -> io::Result<()> {
        let mut row = String::new();
        for (place, (index, width)) in layout.iter().enumerate() {
            let Some(column) = L::COLUMNS.get(*index) else {
                continue;
            };
            let text = fitted(&plain(&cell(column)), *width, self.room.is_some());
            let pad = " ".repeat(width.saturating_sub(text.width()));
            if place > 0 {
                row.push_str(&" ".repeat(GAP));
            }
            match column.align {
                Align::Left => row.extend([text, pad]),
                Align::Right => row.extend([pad, text]),
            }
        }
        writeln!(self.out, "{}", row.trim_end())
    }
}

/// Times a table tells in words, or not at all.
fn more_times<L: Line>() -> impl Iterator<Item = &'static Field<L>> {
    let fields = L::FIELDS.iter();
    fields.filter(|field| field.form == ValueForm::Time)
}

/// A value for other programs: figures without units, times as ISO 8601, truths as `true` and `false`.
fn bare(value: FieldValue<'_>) -> Cow<'_, str> {
    match value {
        FieldValue::Size(bytes) => bytes.to_string().into(),
        FieldValue::Span(span) => span.as_secs().to_string().into(),
        FieldValue::Time(time) => time.iso().into(),
        FieldValue::Flag(truth) => truth.to_string().into(),
        other => other.shown(),
    }
}

/// Which columns are shown, and how wide each is.
fn layout<L: Line>(lines: &[L], wide: bool, room: Option<usize>) -> Vec<(usize, usize)> {
    let natural = |column: &Column<L>| {
        let cells = lines.iter().map(|line| plain(&column.cell(line)).width());
        cells
            .chain([column.title.width()])
            .max()
            .unwrap_or_default()
    };
    let mut columns: Vec<_> = L::COLUMNS
        .iter()
        .enumerate()
        .filter(|(_, column)| wide || !column.wide_only)
        .map(|(index, column)| (index, column, natural(column)))
        .collect();
    let Some(room) = room else {
        return columns
            .into_iter()
            .map(|(index, _, natural)| (index, natural))
            .collect();
    };
    while columns.len() > 1 && least_room(&columns) > room {
        let leaving = (0..columns.len()).max_by_key(|at| columns[*at].1.leaves);
        match leaving {
            Some(at) if columns[at].1.leaves > 0 => columns.remove(at),
            _ => break,
        };
    }
    let gaps = GAP * columns.len().saturating_sub(1);
    let mut over = columns.iter().map(|(_, _, natural)| natural).sum::<usize>() + gaps;
    let mut widths: Vec<_> = columns
        .iter()
        .map(|(index, _, natural)| (*index, *natural))
        .collect();
    // What is too much is taken from the widest column that can give, a cell at a time: no column starves first.
    while over > room {
        let giving = widths.iter_mut().zip(&columns);
        let giving = giving.filter(|((_, width), (_, column, _))| *width > least(column));
        let Some(((_, width), _)) = giving.max_by_key(|((_, width), _)| *width) else {
            break;
        };
        *width -= 1;
        over -= 1;
    }
    widths
}

fn least_room<L: Line>(columns: &[(usize, &Column<L>, usize)]) -> usize {
    let cells: usize = columns
        .iter()
        .map(|(_, column, natural)| least(column).min(*natural))
        .sum();
    cells + GAP * columns.len().saturating_sub(1)
}

fn least<L: Line>(column: &Column<L>) -> usize {
    match column.width {
        Width::Fixed(width) => usize::from(width),
        Width::Grow { least, .. } => usize::from(least),
    }
}

/// A text that fits its column; what is cut off is marked.
fn fitted(text: &str, width: usize, cut: bool) -> String {
    if !cut || text.width() <= width {
        return text.to_owned();
    }
    let mut fitted = String::new();
    let mut left = width.saturating_sub(1);
    for character in text.chars() {
        let wide = character.width().unwrap_or_default();
        if wide > left {
            break;
        }
        left -= wide;
        fitted.push(character);
    }
    fitted.push('…');
    fitted
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::client::listing::{Called, Kind, Sorting, fixed, grow};

    #[derive(Clone)]
    struct Sample(&'static str, f64);

    impl Line for Sample {
        const CALLED: Called = Kind::Packages.called();
        const COLUMNS: &'static [Column<Self>] = &[
            Column::text("name", "Name", grow(6, 1), |line: &Self| {
                FieldValue::text(line.0)
            }),
            Column::number("size", "Size", fixed(4), |line: &Self| {
                FieldValue::number(line.1)
            })
            .leaves(1),
        ];
        const ORDER: &'static [Sorting] = &[Sorting::up("name")];

        fn id(&self) -> String {
            self.0.to_owned()
        }

        fn name(&self) -> &str {
            self.0
        }

        fn json(&self) -> Value {
            json!({ "Name": self.0 })
        }

        fn in_words(&self) -> String {
            String::new()
        }
    }

    fn printed(form: Form, room: Option<usize>, batches: &[&[Sample]]) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, form, room);
        for batch in batches {
            printer.lines(batch).unwrap();
        }
        printer.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    const LINES: &[Sample] = &[Sample("7-Zip, \"24\"", 1.0), Sample("漢字テスト", 12.0)];

    #[test]
    fn a_table_has_a_head_and_nothing_cut_where_nobody_looks() {
        assert_eq!(
            printed(Form::Table, None, &[LINES]),
            "Name         Size\n7-Zip, \"24\"     1\n漢字テスト     12\n"
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_cells_and_then_drops_columns() {
        assert_eq!(
            printed(Form::Table, Some(13), &[LINES]),
            "Name     Size\n7-Zip,…     1\n漢字テ…    12\n"
        );
        assert_eq!(
            printed(Form::Table, Some(8), &[LINES]),
            "Name\n7-Zip, …\n漢字テ…\n"
        );
    }

    #[test]
    fn json_is_one_array_over_all_batches() {
        let text = printed(Form::Json, None, &[LINES, LINES]);
        let read: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(read.len(), 4);
        assert_eq!(read[3], json!({ "Name": "漢字テスト" }));
        assert_eq!(printed(Form::Json, None, &[]), "[]\n");
    }

    #[test]
    fn csv_is_quoted_and_has_one_head() {
        assert_eq!(
            printed(Form::Csv, None, &[LINES, &LINES[1..]]),
            "name,size\n\"7-Zip, \"\"24\"\"\",1\n漢字テスト,12\n漢字テスト,12\n"
        );
        assert_eq!(printed(Form::Csv, None, &[]), "name,size\n");
    }

    #[test]
    fn names_are_ids_and_no_command_reaches_a_terminal() {
        assert_eq!(
            printed(Form::Name, None, &[&[Sample("a\u{1b}[2Jb", 0.0)]]),
            "a [2Jb\n"
        );
    }
}
