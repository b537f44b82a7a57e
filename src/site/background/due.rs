//! When a schedule comes due, as a point in time: tokens say digits, in UTC or in the site server's own clock.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::sms::schedule::Token;

/// The first occurrence of any token later than `after`.
pub fn next_due(tokens: &[Token], after: Timestamp, clock: &TimeZone) -> Option<Timestamp> {
    tokens
        .iter()
        .filter_map(|token| {
            let zone = if token.is_gmt { &TimeZone::UTC } else { clock };
            let from = zone.to_datetime(after).checked_add(1.second()).ok()?;
            zone.to_timestamp(token.next_from(from)?).ok()
        })
        .min()
}

/// The tokens of a schedule as its column holds them; what cannot be read is no schedule.
pub fn tokens(json: &str) -> Vec<Token> {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::schedule::unpack;

    #[test]
    fn the_earliest_token_counts_and_each_in_its_own_clock() {
        let after: Timestamp = "2026-03-01T02:00:00Z".parse().unwrap();
        let clock = TimeZone::fixed(jiff::tz::offset(2));
        let local = unpack("00413E0000100008").unwrap(); // daily 02:00, local
        let due = |tokens: &[Token]| next_due(tokens, after, &clock).unwrap().to_string();
        assert_eq!(due(&local), "2026-03-02T00:00:00Z");
        let mut utc = local.clone();
        utc[0].is_gmt = true;
        assert_eq!(
            due(&utc),
            "2026-03-02T02:00:00Z",
            "the occurrence at this very moment is over"
        );
        assert_eq!(
            due(&[utc[0].clone(), local[0].clone()]),
            "2026-03-02T00:00:00Z"
        );
        assert_eq!(next_due(&[], after, &clock), None);
    }
}
