//! Where a key press lands: the top layer or the place under it.

use strum::{EnumIter, EnumString, IntoStaticStr};

/// A table of the keymap. What is not bound in a scope is looked up in the scopes behind it, see [`Scope::chain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Scope {
    /// In force wherever no scope says otherwise.
    Everywhere,
    /// The console with nothing on top: lists and details.
    Browse,
    /// A list, whole or in windows.
    List,
    /// One object, in tabs.
    Details,
    /// Any one-line text field.
    Text,
    /// The filter line of a list.
    Filter,
    /// The command line.
    Command,
    /// Anything laid over the place that is closed with one key.
    Popup,
    /// A question with named answers.
    Question,
    /// The list of sites to go to.
    Sites,
    /// The greeting of an empty site.
    Greeting,
    /// The wizard's pages of fields.
    Wizard,
    /// The numbers of who would be reached, below the fields.
    Numbers,
    /// The list of the devices behind one of them, over the wizard.
    Roll,
    /// The wizard's last page before anything happens.
    Review,
    /// The line of the review on which the collection's name is typed.
    Name,
    /// A plan being carried out, and its result.
    Run,
}

impl Scope {
    /// The scopes asked for a binding, nearest first.
    pub fn chain(self) -> &'static [Scope] {
        use Scope::{
            Browse, Command, Details, Everywhere, Filter, Greeting, List, Name, Numbers, Popup,
            Question, Review, Roll, Run, Sites, Text, Wizard,
        };
        match self {
            Everywhere => &[Everywhere],
            Browse => &[Browse, Everywhere],
            List => &[List, Browse, Everywhere],
            Details => &[Details, List, Browse, Everywhere],
            Text => &[Text, Everywhere],
            Filter => &[Filter, Text, Everywhere],
            Command => &[Command, Text, Everywhere],
            Popup => &[Popup, Everywhere],
            Question => &[Question, Popup, Everywhere],
            Sites => &[Sites, Popup, Everywhere],
            Greeting => &[Greeting, Everywhere],
            Wizard => &[Wizard, Everywhere],
            Numbers => &[Numbers, Everywhere],
            Roll => &[Roll, List, Everywhere],
            Review => &[Review, Everywhere],
            Name => &[Name, Everywhere],
            Run => &[Run, Everywhere],
        }
    }

    /// Name in a keymap file.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What people call it, as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Browse => "Lists and details",
            Self::List => "Lists",
            Self::Details => "Details",
            Self::Text => "Text fields",
            Self::Filter => "Filter line",
            Self::Command => "Command line",
            Self::Popup => "Popups",
            Self::Question => "Questions",
            Self::Sites => "Sites",
            Self::Greeting => "Empty site",
            Self::Wizard => "Wizard",
            Self::Numbers => "Numbers of who gets it",
            Self::Roll => "Devices behind a number",
            Self::Review => "Review",
            Self::Name => "Typed name",
            Self::Run => "Run and result",
        }
    }
}
