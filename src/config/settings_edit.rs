//! Changes the settings file for a person who asked for it, and leaves everything else in it as they wrote it.
//!
//! A file that is no TOML is told with the place and not touched. The new text is put in place whole; a file that is
//! there keeps its permissions, and one behind a link is changed where it really is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, Value};

use super::fault::{Fault, line_of};
use super::private;

/// A settings file as it would be with some changes; [`SettingsEdit::change`] alone writes them.
#[derive(Debug)]
pub struct SettingsEdit {
    path: PathBuf,
    document: DocumentMut,
}

impl SettingsEdit {
    /// Reads the file; a missing one is an empty one.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::parse(path, ""),
            Err(error) => Err(fault(path, None, error.to_string())),
        }
    }

    /// Changes the file as it is now, while nobody else does, or leaves it as it is where that fails.
    pub fn change<T, E: From<Fault>>(
        path: &Path,
        change: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        // A link stays one: the file it leads to is what is changed.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let _turn =
            private::Turn::at(&path).map_err(|error| fault(&path, None, error.to_string()))?;
        let mut edit = Self::read(&path)?;
        let changed = change(&mut edit)?;
        edit.write()?;
        Ok(changed)
    }

    /// Takes a text for the file.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Fault> {
        match text.parse::<DocumentMut>() {
            Ok(document) => Ok(Self {
                path: path.to_owned(),
                document,
            }),
            Err(error) => {
                let line = error.span().map(|span| line_of(text, span.start));
                let what = error.message().trim().replace('\n', ", ");
                Err(fault(path, line, what))
            }
        }
    }

    /// Whether there is a `[site.NAME]`.
    pub fn has_site(&self, name: &str) -> bool {
        let sites = self.document.get("site").and_then(Item::as_table_like);
        sites.is_some_and(|sites| sites.contains_key(name))
    }

    /// Adds a `[site.NAME]` behind everything else. What the name stood for before is gone.
    pub fn add_site(
        &mut self,
        name: &str,
        entries: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Result<(), Fault> {
        let mut site = Table::new();
        for (key, value) in entries {
            site.insert(key, Item::Value(value));
        }
        site.set_position(Some(last_position(self.document.as_table()) + 1));
        let above = self.take_trailing();
        site.decor_mut().set_prefix(above);
        let sites = self.document.entry("site").or_insert_with(|| {
            let mut sites = Table::new();
            sites.set_implicit(true);
            Item::Table(sites)
        });
        let Some(sites) = sites.as_table_like_mut() else {
            let what = "`site` is not a table".to_owned();
            return Err(fault(&self.path, None, what));
        };
        sites.insert(name, Item::Table(site));
        Ok(())
    }

    /// Comments at the end of the file belong to what stands above them: they stay there, and what is new follows.
    fn take_trailing(&mut self) -> String {
        let trailing = self.document.trailing().as_str().unwrap_or_default();
        let mut above = trailing.to_owned();
        if !above.is_empty() && !above.ends_with('\n') {
            above.push('\n');
        }
        if !above.is_empty() || !self.document.is_empty() {
            above.push('\n');
        }
        self.document.set_trailing("");
        above
    }

    /// Removes a `[site.NAME]` with the comment right above it.
    pub fn remove_site(&mut self, name: &str) {
        let Some(sites) = self.document.get_mut("site") else {
            return;
        };
        let Some(sites) = sites.as_table_like_mut() else {
            return;
        };
        if let Some(Item::Table(site)) = sites.remove(name) {
            self.keep_what_stood_apart(&site);
        }
    }

    /// Comments an empty line stands below are not the site's own.
    fn keep_what_stood_apart(&mut self, site: &Table) {
        let prefix = site.decor().prefix().and_then(|prefix| prefix.as_str());
        let prefix = prefix.unwrap_or_default();
        let Some((apart, _)) = prefix.rsplit_once("\n\n") else {
            return;
        };
        if apart.trim().is_empty() {
            return;
        }
        let kept = format!("{apart}\n");
        let position = site.position().unwrap_or_default();
        if let Some(next) = next_table(self.document.as_table_mut(), position) {
            let own = next.decor().prefix().and_then(|prefix| prefix.as_str());
            let own = own.unwrap_or_default().to_owned();
            next.decor_mut().set_prefix(format!("{kept}{own}"));
        } else {
            let own = self.document.trailing().as_str().unwrap_or_default();
            let all = format!("{kept}{own}");
            self.document.set_trailing(all);
        }
    }

    /// The site that is meant where none is named.
    pub fn default_site(&self) -> Option<&str> {
        self.document.get("default_site")?.as_str()
    }

    /// Says which site is meant where none is named.
    pub fn set_default_site(&mut self, name: Option<&str>) {
        let Some(name) = name else {
            self.document.remove("default_site");
            return;
        };
        let mut value = Value::from(name);
        match self.document.get_mut("default_site") {
            Some(Item::Value(old)) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            _ => {
                self.document.insert("default_site", Item::Value(value));
            }
        }
    }

    /// The text as it would be written.
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// Puts the new text in place, whole.
    fn write(&self) -> Result<(), Fault> {
        let permissions = fs::metadata(&self.path).map(|there| there.permissions());
        private::replace_with(&self.path, self.text().as_bytes(), permissions.ok())
            .map_err(|error| fault(&self.path, None, error.to_string()))
    }
}

fn fault(path: &Path, line: Option<usize>, what: String) -> Fault {
    Fault {
        file: path.to_owned(),
        line,
        what,
        way_out: "nothing was changed; correct this first".to_owned(),
    }
}

/// The tables below this one, whose headers stand in the file.
fn tables(table: &Table) -> impl Iterator<Item = &Table> {
    table.iter().flat_map(|(_, item)| {
        let one = item.as_table();
        let many = item.as_array_of_tables();
        one.into_iter()
            .chain(many.into_iter().flat_map(|many| many.iter()))
    })
}

fn last_position(table: &Table) -> isize {
    let own = table.position().unwrap_or_default();
    tables(table).map(last_position).fold(own, isize::max)
}

/// The table whose header is the first one behind a place of the file.
fn next_table(table: &mut Table, behind: isize) -> Option<&mut Table> {
    let position = first_behind(table, behind)?;
    at_position(table, position)
}

fn first_behind(table: &Table, behind: isize) -> Option<isize> {
    let own = table.position().filter(|position| *position > behind);
    tables(table)
        .filter_map(|table| first_behind(table, behind))
        .chain(own)
        .min()
}

fn at_position(table: &mut Table, position: isize) -> Option<&mut Table> {
    if table.position() == Some(position) && !table.is_implicit() {
        return Some(table);
    }
    table.iter_mut().find_map(|(_, item)| match item {
        Item::Table(table) => at_position(table, position),
        Item::ArrayOfTables(many) => many
            .iter_mut()
            .find_map(|table| at_position(table, position)),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
