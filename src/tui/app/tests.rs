//! What `update` does, without terminal, clock or network.
