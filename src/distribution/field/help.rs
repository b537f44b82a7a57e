//! The long helps, out of `assets/help/fields.md`: one heading a field, its path.

const TEXT: &str = include_str!("../../../assets/help/fields.md");

/// The text under the heading of a field.
pub(super) fn of(path: &str) -> &'static str {
    TEXT.split("\n## ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'))
        .find(|(heading, _)| heading.trim() == path)
        .map_or("", |(_, body)| body.trim())
}
