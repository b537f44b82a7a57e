//! Keys are data: which key means which verb where, from `assets/keymap.toml` and the user's file laid over it.
//!
//! The help screen, the footer hints and the README's table are three printings of [`Keymap::bindings`]; no key is
//! spelled anywhere else, not even in a message.

mod action;
mod chord;
mod file;
mod print;
mod scope;

pub use action::Action;
pub use chord::{Chord, Key};
pub use file::{KeymapFault, did_you_mean};
pub use print::readme_table;
pub use scope::Scope;

/// The keys consign comes with.
const BUILT_IN: &str = include_str!("../../assets/keymap.toml");

/// One line of a keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub scope: Scope,
    pub action: Action,
    pub chords: Vec<Chord>,
    /// Line in the file it comes from.
    pub line: usize,
}

/// Which key means what, in every scope.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            bindings: file::parse(BUILT_IN).0,
        }
    }
}

impl Keymap {
    /// Our keys with the user's laid over them, and what in the user's file does not count.
    pub fn with(user: &str) -> (Self, Vec<KeymapFault>) {
        let ours = Self::default();
        let (mut theirs, mut faults) = file::parse(user);
        theirs.retain(|wish| {
            let known = ours.position(wish.scope, wish.action).is_some();
            if !known {
                faults.push(ours.unknown_in_scope(wish));
            }
            known
        });
        let mut keymap = ours.overlaid(&theirs);
        // Taking one line back can free or take a key again, so each round drops one and looks anew.
        while let Some((dropped, fault)) = keymap.first_clash(&theirs) {
            faults.push(fault);
            theirs.remove(dropped);
            keymap = ours.overlaid(&theirs);
        }
        faults.sort_by_key(|fault| fault.line);
        (keymap, faults)
    }

    /// What a key means in a scope.
    pub fn action(&self, scope: Scope, chord: Chord) -> Option<Action> {
        scope.chain().iter().find_map(|scope| {
            self.bindings
                .iter()
                .find(|binding| binding.scope == *scope && binding.chords.contains(&chord))
                .map(|binding| binding.action)
        })
    }

    /// The verbs bound in exactly this scope with their keys, in the order of the file.
    pub fn bindings(&self, scope: Scope) -> impl Iterator<Item = (Action, &[Chord])> {
        self.bindings
            .iter()
            .filter(move |binding| binding.scope == scope && !binding.chords.is_empty())
            .map(|binding| (binding.action, binding.chords.as_slice()))
    }

    /// The first key that asks for this verb in a scope, for hints and messages.
    pub fn key(&self, scope: Scope, action: Action) -> Option<Chord> {
        scope.chain().iter().find_map(|scope| {
            let at = self.position(*scope, action)?;
            self.bindings.get(at)?.chords.first().copied()
        })
    }

    fn position(&self, scope: Scope, action: Action) -> Option<usize> {
        self.bindings
            .iter()
            .position(|binding| binding.scope == scope && binding.action == action)
    }

    fn unknown_in_scope(&self, wish: &Binding) -> KeymapFault {
        let homes: Vec<_> = self
            .bindings
            .iter()
            .filter(|binding| binding.action == wish.action)
            .map(|binding| format!("[{}]", binding.scope.name()))
            .collect();
        KeymapFault {
            line: wish.line,
            words: format!(
                "'{}' does not belong in [{}], only in {}",
                wish.action.name(),
                wish.scope.name(),
                homes.join(", ")
            ),
        }
    }

    fn overlaid(&self, theirs: &[Binding]) -> Self {
        let mut bindings = self.bindings.clone();
        for wish in theirs {
            if let Some(binding) = self
                .position(wish.scope, wish.action)
                .and_then(|at| bindings.get_mut(at))
            {
                binding.chords.clone_from(&wish.chords);
            }
        }
        Self { bindings }
    }

    /// A line of the user's whose key already means something else where it counts, and its index in `theirs`.
    fn first_clash(&self, theirs: &[Binding]) -> Option<(usize, KeymapFault)> {
        theirs.iter().enumerate().find_map(|(index, wish)| {
            let (chord, other) = self.clash(wish)?;
            let words = format!(
                "{chord} cannot be '{}' in [{}]: it is '{}' in [{}]",
                wish.action.name(),
                wish.scope.name(),
                other.action.name(),
                other.scope.name()
            );
            let line = wish.line;
            Some((index, KeymapFault { line, words }))
        })
    }

    /// Another binding one of these keys has in the same scope, in one behind it or in one before it.
    fn clash(&self, wish: &Binding) -> Option<(Chord, &Binding)> {
        self.bindings.iter().find_map(|other| {
            let meet = wish.scope.chain().contains(&other.scope)
                || other.scope.chain().contains(&wish.scope);
            if !meet || (other.scope, other.action) == (wish.scope, wish.action) {
                return None;
            }
            let chord = wish
                .chords
                .iter()
                .find(|chord| other.chords.contains(chord))?;
            Some((*chord, other))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(user: &str) -> Vec<String> {
        Keymap::with(user)
            .1
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    fn press(keymap: &Keymap, scope: Scope, spelled: &str) -> Option<Action> {
        keymap.action(scope, spelled.parse().unwrap())
    }

    #[test]
    fn our_own_file_has_no_fault_and_no_clash() {
        let (bindings, faults) = file::parse(BUILT_IN);
        assert_eq!(faults, []);
        let keymap = Keymap::default();
        for binding in &bindings {
            assert_eq!(keymap.clash(binding), None, "{binding:?}");
        }
    }

    #[test]
    fn every_verb_is_reached_without_function_keys_and_without_alt() {
        for binding in &Keymap::default().bindings {
            let plain = |chord: &&Chord| !chord.alt && !matches!(chord.key, Key::F(_));
            assert!(
                binding.chords.iter().any(|chord| plain(&chord)),
                "{binding:?}"
            );
        }
    }

    #[test]
    fn a_key_not_bound_in_a_scope_is_looked_up_behind_it() {
        let keymap = Keymap::default();
        assert_eq!(press(&keymap, Scope::List, "q"), Some(Action::Quit));
        assert_eq!(press(&keymap, Scope::Details, "tab"), Some(Action::NextTab));
        assert_eq!(press(&keymap, Scope::Popup, "tab"), None);
        assert_eq!(
            press(&keymap, Scope::Filter, "ctrl-z"),
            Some(Action::Suspend)
        );
    }

    #[test]
    fn the_users_keys_replace_ours_and_an_empty_list_unbinds() {
        let (keymap, faults) = Keymap::with("[browse]\nrefresh = [\"R\"]\nmouse = []\n");
        assert_eq!(faults, []);
        assert_eq!(press(&keymap, Scope::List, "R"), Some(Action::Refresh));
        assert_eq!(press(&keymap, Scope::List, "r"), None);
        assert_eq!(keymap.key(Scope::List, Action::Mouse), None);
    }

    #[test]
    fn two_verbs_may_trade_their_keys() {
        let (keymap, faults) = Keymap::with("[browse]\nrefresh = [\"c\"]\ncopy = [\"r\"]\n");
        assert_eq!(faults, []);
        assert_eq!(press(&keymap, Scope::List, "r"), Some(Action::Copy));
    }

    #[test]
    fn a_clash_names_both_verbs_and_the_line_does_not_count() {
        assert_eq!(
            told("[list]\nexport = [\"r\"]\n"),
            ["line 2: r cannot be 'export' in [list]: it is 'refresh' in [browse]"]
        );
        let (keymap, _) = Keymap::with("[list]\nexport = [\"r\"]\nsort = [\"z\"]\n");
        assert_eq!(press(&keymap, Scope::List, "r"), Some(Action::Refresh));
        assert_eq!(press(&keymap, Scope::List, "x"), Some(Action::Export));
        assert_eq!(press(&keymap, Scope::List, "z"), Some(Action::Sort));
    }

    #[test]
    fn a_verb_in_the_wrong_table_is_told_where_it_belongs() {
        assert_eq!(
            told("[list]\nquit = [\"Q\"]\n"),
            ["line 2: 'quit' does not belong in [list], only in [browse], [greeting]"]
        );
    }
}
