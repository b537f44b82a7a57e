//! Transitions of the wizard, without terminal, clock or network.
