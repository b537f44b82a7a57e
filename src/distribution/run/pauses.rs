//! Pauses that grow, for whatever has to be asked again until it has happened.

use std::time::Duration;

/// The first pause is short, each next one half as long again, up to a limit.
#[derive(Debug, Clone)]
pub struct Pauses {
    next: Duration,
}

impl Pauses {
    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(10);

    pub fn new() -> Self {
        Self { next: Self::FIRST }
    }

    /// The next pause.
    pub fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 3 / 2).min(Self::LONGEST);
        pause
    }

    /// Something moved: look again soon.
    pub fn quicken(&mut self) {
        self.next = self.next.min(Self::FIRST * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_ten_seconds() {
        let mut pauses = Pauses::new();
        let first = pauses.next();
        let second = pauses.next();
        assert!(second > first);
        let longest = (0..40).map(|_| pauses.next()).max();
        assert_eq!(longest, Some(Duration::from_secs(10)));
    }

    #[test]
    fn movement_brings_the_next_look_forward() {
        let mut pauses = Pauses::new();
        for _ in 0..40 {
            pauses.next();
        }
        pauses.quicken();
        assert!(pauses.next() < Duration::from_secs(1));
    }
}
