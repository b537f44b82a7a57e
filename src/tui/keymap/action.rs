//! What a person can ask for with a key: few general verbs, to which the scope gives meaning.

use strum::{EnumIter, EnumString, IntoStaticStr};
use tui_input::InputRequest;

use super::Scope;

/// A verb of the console. Its name in a keymap file and on the command line is the kebab case of the variant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    // Where to look.
    Packages,
    Programs,
    Collections,
    Points,
    Advertisements,
    Devices,
    Requests,
    // Moving.
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Open,
    Back,
    NextTab,
    PreviousTab,
    // What is shown.
    Filter,
    Sort,
    Reverse,
    Attention,
    Refresh,
    Describe,
    Raw,
    Copy,
    Export,
    Redraw,
    Mouse,
    // Ways on.
    Wizard,
    Command,
    Help,
    Sample,
    Connect,
    Sites,
    Quit,
    Suspend,
    // Popups and text.
    Accept,
    Close,
    Complete,
    CharLeft,
    CharRight,
    LineStart,
    LineEnd,
    DeleteLeft,
    DeleteRight,
    DeleteWord,
    DeleteLine,
    // The wizard.
    NextField,
    PreviousField,
    NextStep,
    PreviousStep,
    Review,
    More,
    Numbers,
    NextFinding,
    EditOutside,
    CopyValue,
    Fix,
    Explain,
    Toggle,
    Leave,
    Run,
    SavePlan,
    AsCommand,
    // A run.
    Stop,
    Retry,
    RollBack,
    Keep,
    Watch,
    Another,
}

impl Action {
    /// Name in a keymap file and on the command line.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The word beside the key in the footer.
    pub fn hint(self) -> &'static str {
        self.words().0
    }

    /// One line of help.
    pub fn does(self) -> &'static str {
        self.words().1
    }

    /// A word or two for the line of keys, where keys land.
    pub fn hint_in(self, scope: Scope) -> &'static str {
        self.words_in(scope).map_or(self.hint(), |words| words.0)
    }

    /// One line of help, where keys land.
    pub fn does_in(self, scope: Scope) -> &'static str {
        self.words_in(scope).map_or(self.does(), |words| words.1)
    }

    /// What a general verb means in a scope that gives it a sense of its own.
    fn words_in(self, scope: Scope) -> Option<(&'static str, &'static str)> {
        Some(match (scope, self) {
            (Scope::Question, Self::NextField) => ("next answer", "the next answer"),
            (Scope::Question, Self::PreviousField) => ("answer before", "the answer before"),
            (Scope::Question, Self::Accept) => ("take", "take this answer"),
            (Scope::Sites, Self::Accept) => ("go there", "go to this site"),
            (Scope::Popup, Self::Copy) => ("copy", "copy what is shown here"),
            (Scope::Run, Self::Copy) => ("copy", "copy the ids of what was made"),
            (Scope::Run, Self::Open) => ("open", "take this way on, or open this operation"),
            (Scope::Run, Self::Leave) => ("leave", "leave; a run goes on meanwhile"),
            _ => return None,
        })
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Packages => ("packages", "go to packages"),
            Self::Programs => ("programs", "go to programs"),
            Self::Collections => ("collections", "go to collections"),
            Self::Points => ("points", "go to distribution points"),
            Self::Advertisements => ("advertisements", "go to advertisements"),
            Self::Devices => ("devices", "go to devices"),
            Self::Requests => ("requests", "go to the last requests to the site"),
            Self::Up => ("up", "one row up"),
            Self::Down => ("down", "one row down"),
            Self::PageUp => ("page up", "one page up"),
            Self::PageDown => ("page down", "one page down"),
            Self::Top => ("top", "to the first row"),
            Self::Bottom => ("bottom", "to the last row"),
            Self::Open => ("open", "open the selected row"),
            Self::Back => ("back", "back, one level up"),
            Self::NextTab => ("next tab", "the next tab"),
            Self::PreviousTab => ("previous tab", "the previous tab"),
            Self::Filter => (
                "filter",
                "filter the rows: words, field:value, members>100, !word",
            ),
            Self::Sort => ("sort", "sort by the next column"),
            Self::Reverse => ("reverse", "turn the order round"),
            Self::Attention => ("attention", "only rows that need attention"),
            Self::Refresh => ("refresh", "read again from the site"),
            Self::Describe => ("describe", "the object in plain words"),
            Self::Raw => ("raw", "the object as the site has it"),
            Self::Copy => ("copy", "copy the row, or the page of details"),
            Self::Export => ("export", "write the shown rows to a csv or json file"),
            Self::Redraw => ("redraw", "draw the whole screen anew"),
            Self::Mouse => (
                "mouse",
                "mouse on or off (off: the terminal's own selection works)",
            ),
            Self::Wizard => (
                "wizard",
                "distribute software, with the selection filled in",
            ),
            Self::Command => ("command", "type a command"),
            Self::Help => ("keys", "all keys that work here"),
            Self::Sample => ("sample fleet", "fill this site with a sample fleet"),
            Self::Connect => ("connect", "how to connect a real site"),
            Self::Sites => ("sites", "go to another site"),
            Self::Quit => ("quit", "leave consign"),
            Self::Suspend => ("suspend", "back to the shell; fg returns"),
            Self::Accept => ("take", "take it"),
            Self::Close => ("close", "close without doing anything"),
            Self::Complete => ("complete", "complete the word"),
            Self::CharLeft => ("left", "one character left"),
            Self::CharRight => ("right", "one character right"),
            Self::LineStart => ("start", "to the start of the line"),
            Self::LineEnd => ("end", "to the end of the line"),
            Self::DeleteLeft => ("delete", "delete the character before the cursor"),
            Self::DeleteRight => ("delete", "delete the character under the cursor"),
            Self::DeleteWord => ("delete word", "delete the word before the cursor"),
            Self::DeleteLine => ("clear", "clear the line"),
            Self::NextField => ("field", "the next field"),
            Self::PreviousField => ("previous field", "the previous field"),
            Self::NextStep => ("next", "the next step"),
            Self::PreviousStep => ("back", "the previous step"),
            Self::Review => ("review", "to the review"),
            Self::More => ("more", "show or hide more settings"),
            Self::Numbers => ("numbers", "to the numbers of who gets it, to list them"),
            Self::NextFinding => ("finding", "to the next error or warning"),
            Self::EditOutside => ("editor", "edit this field in $EDITOR"),
            Self::CopyValue => ("copy", "copy the value"),
            Self::Fix => ("do it", "do what the message offers"),
            Self::Explain => ("explain", "long help, with the technical name"),
            Self::Toggle => ("tick", "tick or untick"),
            Self::Leave => ("leave", "leave (the draft is kept)"),
            Self::Run => ("run", "carry the plan out"),
            Self::SavePlan => ("save plan", "save the plan to a file"),
            Self::AsCommand => ("as command", "the same as a command line"),
            Self::Stop => ("stop", "stop after the operation in flight"),
            Self::Retry => ("retry", "try the failed operation again"),
            Self::RollBack => ("roll back", "take back exactly what this plan made"),
            Self::Keep => ("keep", "keep what was made"),
            Self::Watch => ("watch", "open the new advertisement"),
            Self::Another => (
                "another",
                "another like this: the same answers for somebody else",
            ),
        }
    }

    /// Whether it leads to a change of the site: not offered where nothing may be changed.
    pub fn changes_the_site(self) -> bool {
        matches!(
            self,
            Self::Wizard | Self::Sample | Self::Run | Self::Retry | Self::RollBack | Self::Another
        )
    }

    /// The change to a text field this verb stands for, if it is one.
    pub fn edit(self) -> Option<InputRequest> {
        Some(match self {
            Self::CharLeft => InputRequest::GoToPrevChar,
            Self::CharRight => InputRequest::GoToNextChar,
            Self::LineStart => InputRequest::GoToStart,
            Self::LineEnd => InputRequest::GoToEnd,
            Self::DeleteLeft => InputRequest::DeletePrevChar,
            Self::DeleteRight => InputRequest::DeleteNextChar,
            Self::DeleteWord => InputRequest::DeletePrevWord,
            Self::DeleteLine => InputRequest::DeleteLine,
            _ => return None,
        })
    }
}
