//! The README's printing of the keymap.

use std::fmt::Write;

use strum::IntoEnumIterator;

use super::{Keymap, Scope};

/// The keys as tables in Markdown, one for each scope that binds any.
pub fn readme_table(keymap: &Keymap) -> String {
    let mut out = String::new();
    for scope in Scope::iter() {
        let mut rows = keymap.bindings(scope).peekable();
        if rows.peek().is_none() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "#### {}\n\n| keys | what they do |\n| --- | --- |\n",
            scope.title()
        );
        for (action, chords) in rows {
            let keys: Vec<_> = chords.iter().map(|chord| format!("`{chord}`")).collect();
            let _ = writeln!(out, "| {} | {} |", keys.join(" "), action.does_in(scope));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_prints_every_bound_scope_with_keys_in_full() {
        let printed = readme_table(&Keymap::default());
        assert!(printed.starts_with("#### Everywhere\n"));
        assert!(printed.contains("| `Enter` `l` `Right` | open the selected row |\n"));
        assert!(printed.contains("| `Ctrl-Z` | back to the shell; fg returns |\n"));
    }
}
